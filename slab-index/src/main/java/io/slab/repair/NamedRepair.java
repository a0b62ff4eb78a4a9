package io.slab.repair;

import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.manifest.SlabEntry;
import io.slab.model.Ulid;
import io.slab.model.Version;
import io.slab.namespace.CommitOutcome;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.NamespaceState;
import io.slab.wal.WalObject;
import io.slab.wal.WalWriter;
import io.slab.writer.Flush;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Mends a namespace whose newest manifest is whole. One thread only. */
final class NamedRepair {
  private final NamespaceRepair repair;
  private final NamespaceHandle handle;
  private final NamespaceManifest base;

  NamedRepair(NamespaceRepair repair, NamespaceManifest base) {
    this.repair = repair;
    this.handle = repair.handle;
    this.base = base;
  }

  /**
   * Puts new slabs in the place of damaged ones, and then what is left of the log into a slab where
   * the log is damaged.
   *
   * @param written gets the new slabs
   * @return the newest manifest
   */
  NamespaceManifest apply(LogSalvage log, List<SlabEntry> written) {
    NamespaceManifest done = base;
    if (repair.patients.stream().anyMatch(patient -> !patient.isWhole())) {
      done = replaceSlabs(written);
    }
    if (log.endLost()) {
      // The next object follows this one.
      WalObject end =
          new WalObject(
              base.walFlushedThrough(),
              handle.environment().newId(),
              base.lastFlushedCommit(),
              Ulid.ZERO,
              List.of());
      handle.store().create(log.name(end.sequence()), WalWriter.encode(end));
      return done;
    }
    return log.steps().isEmpty() ? done : flush(log, done, written);
  }

  private NamespaceManifest replaceSlabs(List<SlabEntry> written) {
    SlabMender mender = new SlabMender(handle, repair.cancellation);
    List<SlabEntry> slabs = new ArrayList<>();
    List<String> files = new ArrayList<>();
    for (SlabPatient patient : repair.patients) {
      if (patient.isWhole()) {
        slabs.add(patient.entry());
        continue;
      }
      for (SlabEntry made :
          Arrays.asList(
              mender.mend(patient, base.lsnFlushed(), repair.patients),
              mender.recovered(patient, base.lsnFlushed()))) {
        if (made != null) {
          slabs.add(made);
          written.add(made);
          files.add(handle.names().slab(made.id()));
        }
      }
    }
    Edit edit =
        new Edit(
            NamespaceManifest.REPAIR,
            base.deleted(),
            base.lsnFlushed(),
            base.walFlushedThrough(),
            slabs,
            List.of());
    NamespaceManifest next =
        base.next(handle.environment().newId(), handle.environment().now(), Version.PROGRAM, edit);
    if (handle.commit(next, files) != CommitOutcome.COMMITTED) {
      // Proved lost: no manifest names what was written.
      files.forEach(handle.store()::delete);
      throw NamespaceRepair.lost(null);
    }
    return next;
  }

  /** Everything that the log still says, in one flush. */
  private NamespaceManifest flush(
      LogSalvage log, NamespaceManifest newest, List<SlabEntry> written) {
    NamespaceState state = handle.at(newest);
    try {
      for (WalObject object : log.objects()) {
        state.apply(log.name(object.sequence()), object);
      }
      Flush flush = new Flush(handle, state);
      NamespaceManifest done = flush.run();
      if (done == null) {
        throw NamespaceRepair.lost(newest == base ? null : newest);
      }
      written.addAll(flush.written());
      return done;
    } finally {
      handle.release(state);
    }
  }
}
