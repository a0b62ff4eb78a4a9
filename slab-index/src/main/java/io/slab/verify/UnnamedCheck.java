package io.slab.verify;

import io.slab.check.Findings;
import io.slab.error.MissingException;
import io.slab.error.SlabException;
import io.slab.format.SlabManifest;
import io.slab.format.SlabReader;
import io.slab.manifest.CommitRules;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.ObjectSequence;
import io.slab.manifest.SlabEntry;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Looks at the objects of one namespace that no manifest names. */
final class UnnamedCheck {
  private static final String INTERRUPTED =
      "no manifest names it: left by an interrupted run, or not committed yet";

  /** What is wrong with a name that does not belong where it is. */
  static final String STRANGER = "not the name of an object of this folder";

  private final ObjectStore store;
  private final NamespaceNames names;
  private final Findings findings;

  UnnamedCheck(ObjectStore store, NamespaceNames names, Findings findings) {
    this.store = store;
    this.names = names;
    this.findings = findings;
  }

  /** Slabs or deletion vectors of a folder. */
  List<ObjectInfo> files(String folder) {
    int root = names.folder().length();
    return store.list(folder, null).stream()
        .filter(info -> NamespaceNames.isFile(info.name().substring(root)))
        .toList();
  }

  /** Looks into a slab that no manifest names. */
  void look(ObjectInfo info, Consumer<SlabManifest> use) {
    findings.object();
    try (SlabReader slab = SlabReader.open(store.openUnmapped(info.name(), info.size()))) {
      use.accept(slab.manifest());
    } catch (MissingException e) {
      // Gc was here.
    } catch (SlabException e) {
      findings.failure(info.name(), null, e);
    }
  }

  /**
   * Reports what no manifest names.
   *
   * @param manifests all that there are
   * @param newest the last of them
   */
  void check(Collection<NamespaceManifest> manifests, NamespaceManifest newest) {
    Set<String> used = new HashSet<>();
    for (NamespaceManifest manifest : manifests) {
      for (SlabEntry entry : manifest.slabs()) {
        used.add(names.slab(entry.id()));
        if (entry.deletes().file() != null) {
          used.add(names.deletesFolder() + entry.deletes().file());
        }
      }
    }
    lostManifest(newest, used);
    orphansOf(used, names.slabFolder());
    orphansOf(used, names.deletesFolder());
    strangers(names.manifestFolder(), ".json");
    strangers(names.walFolder(), ".wal");
  }

  /**
   * An unnamed slab with writes that are neither flushed nor in the log proves that a newer
   * manifest was lost.
   */
  private void lostManifest(NamespaceManifest newest, Set<String> used) {
    List<ObjectInfo> slabs = files(names.slabFolder());
    Set<Long> log = Set.copyOf(new ObjectSequence(store, names.walFolder(), ".wal").listAfter(-1));
    // A manifest that came since would name what is still unnamed here.
    List<Long> ids = new ObjectSequence(store, names.manifestFolder(), ".json").listAfter(-1);
    if (ids.isEmpty() || ids.getLast() != newest.id()) {
      return;
    }
    for (ObjectInfo info : slabs) {
      if (!used.contains(info.name())) {
        look(
            info,
            slab -> {
              if (CommitRules.provesLoss(newest, slab.lsnMax(), log)) {
                findings.missing(
                    new ObjectSequence(store, names.manifestFolder(), ".json")
                        .name(newest.id() + 1),
                    ": "
                        + info.name()
                        + " holds writes that no manifest flushed and no log object has");
                findings.atRisk(slab.rows());
              }
            });
      }
    }
  }

  private void orphansOf(Set<String> used, String folder) {
    for (ObjectInfo info : store.list(folder, null)) {
      if (!used.contains(info.name())) {
        findings.warning(info.name(), null, -1, INTERRUPTED);
      }
    }
  }

  private void strangers(String folder, String suffix) {
    ObjectSequence sequence = new ObjectSequence(store, folder, suffix);
    Set<String> known = new HashSet<>();
    sequence.listAfter(-1).forEach(number -> known.add(sequence.name(number)));
    for (ObjectInfo info : store.list(folder, null)) {
      if (!known.contains(info.name())) {
        findings.warning(info.name(), null, -1, STRANGER);
      }
    }
  }
}
