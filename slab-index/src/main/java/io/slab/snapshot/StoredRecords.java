package io.slab.snapshot;

import io.slab.error.CancellationToken;
import io.slab.format.SlabAhead;
import io.slab.format.SlabView;
import io.slab.memtable.MemRow;
import io.slab.model.VectorRecord;
import java.util.Iterator;

/**
 * Walks the live records of a snapshot in the order in which they are stored: slab after slab, each
 * from its first row to its last, then what waits in the log. Of remote slabs many rows are fetched
 * at once. One thread only.
 */
public final class StoredRecords {
  /** Rows of a remote slab that are fetched together. */
  private static final int AHEAD = 1_000;

  private final Snapshot snapshot;
  private final CancellationToken cancellation;
  private final Iterator<LiveSlab> slabs;
  private final Iterator<MemRow> memtable;
  private LiveSlab slab;
  private int row;
  private int fetched;

  /**
   * @param cancellation asked for each record
   */
  public StoredRecords(Snapshot snapshot, CancellationToken cancellation) {
    this.snapshot = snapshot;
    this.cancellation = cancellation;
    this.slabs = snapshot.slabs().iterator();
    this.memtable = snapshot.memtable().iterator();
  }

  /** The next record, or null at the end. */
  public VectorRecord next() {
    cancellation.check();
    while (slab != null || slabs.hasNext()) {
      if (slab == null) {
        slab = slabs.next();
        row = 0;
        fetched = slab.view().isRemote() ? 0 : Integer.MAX_VALUE;
      }
      while (row < slab.view().rows()) {
        int at = row++;
        if (slab.dead() == null || !slab.dead().contains(at)) {
          fetch(at);
          return snapshot.shown(slab.view().record(at));
        }
      }
      slab = null;
    }
    return memtable.hasNext() ? snapshot.shown(memtable.next().record()) : null;
  }

  private void fetch(int from) {
    if (from < fetched) {
      return;
    }
    SlabView view = slab.view();
    fetched = (int) Math.min(view.rows(), from + (long) AHEAD);
    SlabAhead ahead = view.ahead();
    for (int i = from; i < fetched; i++) {
      if (slab.dead() == null || !slab.dead().contains(i)) {
        ahead.record(i);
      }
    }
    ahead.run();
  }
}
