package io.slab.cli.command;

import io.slab.cli.verb.Session;
import io.slab.error.DataException;
import io.slab.error.NotFoundException;
import io.slab.error.ShellWord;
import io.slab.index.SlabIndex;
import io.slab.model.Limits;
import io.slab.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The namespace a verb works in. */
final class NamespaceOption {
  /** Namespaces that are looked into when one that holds records is to be named. */
  private static final int LOOKED = 5;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "the namespace; the default one when left out")
  String namespace;

  /** The option as words of a command line to type; nothing for the default namespace. */
  String words() {
    return name().equals(Limits.DEFAULT_NAMESPACE) ? "" : " --namespace " + ShellWord.of(name());
  }

  String name() {
    return namespace == null || namespace.isEmpty() ? Limits.DEFAULT_NAMESPACE : namespace;
  }

  /** Fails for a namespace that does not exist; the default one always does. */
  void require(SlabIndex index) {
    require(index, name());
  }

  /** What is in the namespace; fails for one that does not exist, but for the default one. */
  Snapshot snapshot(SlabIndex index) {
    Snapshot snapshot = index.snapshot(name());
    if (!snapshot.exists() && !name().equals(Limits.DEFAULT_NAMESPACE)) {
      snapshot.close();
      throw missing(name());
    }
    return snapshot;
  }

  /**
   * Warns where the default namespace is empty, none was named, and others have records: they are
   * meant, perhaps. Looks into the first few only.
   */
  void tellOthers(Session session, SlabIndex index, Snapshot snapshot) {
    if (!name().equals(Limits.DEFAULT_NAMESPACE) || snapshot.count() > 0) {
      return;
    }
    List<String> all = index.namespaces();
    List<String> full = new ArrayList<>();
    int looked = 0;
    for (String other : all) {
      if (looked < LOOKED && !other.equals(Limits.DEFAULT_NAMESPACE)) {
        looked++;
        try (Snapshot there = index.snapshot(other)) {
          if (there.count() > 0) {
            full.add("'" + other + "'");
          }
        } catch (DataException e) {
          // Damaged, which is not what was asked.
        }
      }
    }
    if (!full.isEmpty()) {
      boolean more = all.size() > looked + (all.contains(Limits.DEFAULT_NAMESPACE) ? 1 : 0);
      session.warn(
          "the default namespace has no records; those of this index are in "
              + String.join(", ", full)
              + (more ? " and others (slab namespace list)" : "")
              + ": --namespace NAME asks there");
    }
  }

  private static NotFoundException missing(String name) {
    return new NotFoundException(
        "there is no namespace '" + name + "'", "see `slab namespace list`");
  }

  static void require(SlabIndex index, String name) {
    if (!name.equals(Limits.DEFAULT_NAMESPACE) && !index.namespaceExists(name)) {
      throw missing(name);
    }
  }
}
