package io.slab.cli.command;

import io.slab.error.NotFoundException;
import io.slab.error.ShellWord;
import io.slab.index.SlabIndex;
import io.slab.model.Limits;
import io.slab.snapshot.Snapshot;
import picocli.CommandLine.Option;

/** The namespace a verb works in. */
final class NamespaceOption {
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
