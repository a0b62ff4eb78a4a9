package io.slab.compaction;

import io.slab.format.LedgerSum;
import io.slab.format.SlabSpool;
import io.slab.format.SlabView;
import io.slab.model.Ledger;
import java.util.List;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * Adds up the ledger of the rows that a compaction leaves out. They are read when a pass comes to
 * the rows behind them, whose blocks hold them too: a pass of their own would unpack all blocks
 * once more. One thread only.
 */
final class DroppedRows {
  private final List<SlabView> slabs;
  private final SlabSpool[] spools;
  private final List<? extends ImmutableRoaringBitmap> dead;

  /** Of each slab the rank that was not looked at yet. */
  private final int[] next;

  private final LedgerSum sum = new LedgerSum();
  private final SlabRow row;

  /**
   * @param spools of each slab that keeps its rows in another order, once there is one; else null
   */
  DroppedRows(
      List<SlabView> slabs, SlabSpool[] spools, List<? extends ImmutableRoaringBitmap> dead) {
    this.slabs = slabs;
    this.spools = spools;
    this.dead = dead;
    this.next = new int[slabs.size()];
    this.row =
        new SlabRow(slabs.getFirst().dimension()) {
          @Override
          public boolean next() {
            throw new UnsupportedOperationException("a single row");
          }
        };
  }

  /** Adds the dead rows of a slab with ranks below one, but those that were added before. */
  void readBefore(int slab, int rank) {
    if (next[slab] >= rank || dead.get(slab).isEmpty()) {
      return;
    }
    SlabView view = slabs.get(slab);
    for (; next[slab] < rank; next[slab]++) {
      if (dead.get(slab).contains(view.rowAt(next[slab]))) {
        row.moveTo(view, spools[slab], next[slab]);
        sum.add(row);
      }
    }
  }

  /** The ledger of all dead rows; reads those that no pass came by. */
  Ledger finish() {
    for (int slab = 0; slab < next.length; slab++) {
      readBefore(slab, slabs.get(slab).rows());
    }
    return sum.ledger();
  }
}
