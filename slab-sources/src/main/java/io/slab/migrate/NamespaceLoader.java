package io.slab.migrate;

import io.slab.error.CancellationToken;
import io.slab.index.SlabIndex;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.WriteOp;
import io.slab.model.Limits;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.snapshot.Snapshot;
import io.slab.sort.MergedNamespace;
import io.slab.writer.BulkLoad;
import io.slab.writer.BulkResult;
import io.slab.writer.NamespaceWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Writes the sorted records of one namespace: as finished slabs where it is empty, which show all
 * at once or not at all, and through the log otherwise. A process that follows a killed one finds
 * in the progress log which commit was meant, and in the namespace whether it happened. One thread
 * only.
 */
final class NamespaceLoader {
  /** The phases of a bulk load are told from so many rows on. */
  private static final int SHOWN_ROWS = 10_000;

  /** Ids that are looked up at once, for the sake of a remote index. */
  private static final int LOOKED_UP = 1_000;

  private final SlabIndex index;
  private final ProgressLog progressLog;
  private final CancellationToken cancellation;
  private final LongConsumer progress;

  /**
   * @param cancellation asked for each row of a bulk load, and for each batch of the log
   * @param progress told the records of the namespace that are written
   */
  NamespaceLoader(
      SlabIndex index,
      ProgressLog progressLog,
      CancellationToken cancellation,
      LongConsumer progress) {
    this.index = index;
    this.progressLog = progressLog;
    this.cancellation = cancellation;
    this.progress = progress;
  }

  NamespaceLoad load(MergedNamespace rows) {
    NamespaceLoad done = doneBefore(rows);
    if (done == null) {
      done = write(rows);
      progressLog.add(done);
    }
    progress.accept(rows.rows());
    return done;
  }

  /**
   * What an earlier process did, said or not, and is there still; null where there is work left.
   */
  private NamespaceLoad doneBefore(MergedNamespace rows) {
    NamespaceLoad done = progressLog.load(rows.name());
    Ulid commit = progressLog.commit(rows.name());
    if (done == null && commit == null) {
      return null;
    }
    try (Snapshot snapshot = index.snapshot(rows.name())) {
      NamespaceManifest manifest = snapshot.manifest();
      boolean committed =
          manifest != null
              && manifest.history().stream().anyMatch(change -> change.commit().equals(commit));
      if (done == null && !committed || !holds(snapshot, rows, rows.rows())) {
        return null;
      }
      if (done == null) {
        done = done(rows, NamespaceLoad.Way.BULK, manifest.slabs());
        progressLog.add(done);
      }
      return done;
    }
  }

  /**
   * True when the first so many records are there still: between two runs of a migration a
   * namespace may have been dropped or emptied, and what the progress log says of it is old.
   */
  private boolean holds(Snapshot snapshot, MergedNamespace rows, int count) {
    List<String> ids = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      ids.add(rows.record(row).id());
      if (ids.size() == LOOKED_UP || row == count - 1) {
        cancellation.check();
        snapshot.findAhead(ids);
        if (!ids.stream().allMatch(snapshot::has)) {
          return false;
        }
        ids.clear();
      }
    }
    return true;
  }

  private static NamespaceLoad done(
      MergedNamespace rows, NamespaceLoad.Way way, List<SlabEntry> slabs) {
    return new NamespaceLoad(
        rows.name(),
        way,
        rows.rows(),
        rows.identicalDuplicates(),
        rows.replacedDuplicates(),
        slabs.size(),
        slabs.stream().mapToLong(SlabEntry::bytes).sum());
  }

  private NamespaceLoad write(MergedNamespace rows) {
    // Once records went through the log, the namespace is no longer empty, or was emptied again.
    int before = writtenBefore(rows);
    if (rows.rows() > 0 && before == 0) {
      BulkLoad load = index.bulkLoad(rows.name());
      progressLog.meanCommit(rows.name(), load.commit());
      // Of a small one the phases would flicker by: it counts as a step of the whole writing.
      CancellationToken work = rows.rows() < SHOWN_ROWS ? cancellation::isCancelled : cancellation;
      BulkResult result = load.run(rows, work);
      if (result != null) {
        return done(rows, NamespaceLoad.Way.BULK, result.slabs());
      }
    }
    log(rows, before);
    return done(rows, NamespaceLoad.Way.LOG, List.of());
  }

  /** How many records an earlier process wrote to the log, and are there still. */
  private int writtenBefore(MergedNamespace rows) {
    int written = Math.toIntExact(progressLog.progress(rows.name()));
    if (written == 0) {
      return 0;
    }
    try (Snapshot snapshot = index.snapshot(rows.name())) {
      return holds(snapshot, rows, written) ? written : 0;
    }
  }

  private void log(MergedNamespace rows, int before) {
    int row = before;
    try (NamespaceWriter writer = index.writer(rows.name())) {
      while (row < rows.rows()) {
        cancellation.check();
        List<WriteOp> batch = new ArrayList<>();
        long bytes = 0;
        int next = row;
        while (next < rows.rows() && batch.size() < Limits.MAX_BATCH_RECORDS) {
          VectorRecord record = rows.record(next);
          bytes += rows.recordBytes(next);
          if (!batch.isEmpty() && bytes > Limits.MAX_BATCH_BYTES) {
            break;
          }
          batch.add(new WriteOp.Upsert(record));
          next++;
        }
        writer.append(batch);
        row = next;
        progressLog.addProgress(rows.name(), row);
        progress.accept(row);
      }
      writer.flush();
    }
  }
}
