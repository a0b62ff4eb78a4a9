package io.slab.compaction;

import io.slab.format.LedgerSum;
import io.slab.format.SlabRow;
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
  private final List<? extends ImmutableRoaringBitmap> dead;

  /** Of each slab the row that was not looked at yet. */
  private final int[] next;

  private final LedgerSum sum = new LedgerSum();
  private final SlabRow row;

  DroppedRows(List<SlabView> slabs, List<? extends ImmutableRoaringBitmap> dead) {
    this.slabs = slabs;
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

  /** Adds the dead rows of a slab before one, but those that were added before. */
  void readBefore(int slab, int before) {
    if (next[slab] >= before || dead.get(slab).isEmpty()) {
      return;
    }
    SlabView view = slabs.get(slab);
    for (; next[slab] < before; next[slab]++) {
      if (dead.get(slab).contains(next[slab])) {
        row.moveToRow(view, next[slab]);
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
