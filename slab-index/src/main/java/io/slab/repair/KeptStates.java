package io.slab.repair;

import io.slab.check.CheckLevel;
import io.slab.check.CheckReport;
import io.slab.check.SlabCheck;
import io.slab.error.DataException;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Checkpoint;
import io.slab.manifest.SlabEntry;
import io.slab.model.Ulid;
import io.slab.namespace.NamespaceHandle;
import io.slab.store.ByteSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks at what checkpoints alone keep. A repair mends the records of now; what is damaged of an
 * earlier state it can only name. One thread only.
 */
final class KeptStates {
  private final NamespaceHandle handle;
  private final NamespaceManifest newest;
  private final Set<Ulid> seen = new HashSet<>();

  KeptStates(NamespaceHandle handle, NamespaceManifest newest) {
    this.handle = handle;
    this.newest = newest;
    newest.slabs().forEach(slab -> seen.add(slab.id()));
  }

  /** A sentence for each thing that is wrong. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    long now = handle.store().now();
    for (Checkpoint checkpoint : newest.checkpoints()) {
      if (checkpoint.isKept(now)) {
        look(checkpoint, problems);
      }
    }
    return problems;
  }

  private void look(Checkpoint checkpoint, List<String> problems) {
    String who = "checkpoint '" + checkpoint.name() + "': ";
    NamespaceManifest manifest;
    try {
      manifest = handle.manifests().read(checkpoint.manifest());
    } catch (DataException e) {
      problems.add(
          who
              + "its manifest cannot be read, so it cannot be restored, and gc waits: delete it; "
              + e.getMessage());
      return;
    }
    for (SlabEntry slab : manifest.slabs()) {
      if (seen.add(slab.id())) {
        String problem = problem(slab);
        if (problem != null) {
          problems.add(who + "slab " + slab.id() + " is damaged: " + problem);
        }
      }
      try {
        handle.dead(manifest, slab);
      } catch (DataException e) {
        problems.add(who + "the dead rows of slab " + slab.id() + ": " + e.getMessage());
      }
    }
  }

  /** The first thing that is wrong with a slab, every byte of which is read, or null. */
  private String problem(SlabEntry slab) {
    String name = handle.names().slab(slab.id());
    try (ByteSource source = handle.store().openUnmapped(name, -1)) {
      CheckReport report = SlabCheck.report(source, CheckLevel.CHECKSUMS);
      return report.problems().isEmpty() ? null : report.problems().getFirst().problem();
    } catch (DataException e) {
      return e.getMessage();
    }
  }
}
