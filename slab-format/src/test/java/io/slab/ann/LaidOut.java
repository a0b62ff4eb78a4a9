package io.slab.ann;

import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** Rows in the order of an index, as its slab would keep them. */
final class LaidOut {
  private LaidOut() {}

  /** The rows that an index was built over, in its order. */
  static MemoryRows of(MemoryRows rows, IvfIndex index) {
    int[] order = index.order();
    if (order == null) {
      return rows;
    }
    MemoryRows laid = MemoryRows.allocate(rows.rows(), rows.dimension());
    float[] row = new float[rows.dimension()];
    for (int i = 0; i < order.length; i++) {
      rows.copy(order[i], row);
      laid.set(i, row);
    }
    return laid;
  }

  /** Where the rows of a bitmap lie in the order of an index. */
  static MutableRoaringBitmap of(ImmutableRoaringBitmap rows, IvfIndex index) {
    int[] order = index.order();
    MutableRoaringBitmap laid = new MutableRoaringBitmap();
    for (int row = 0; row < index.rows(); row++) {
      if (rows.contains(order == null ? row : order[row])) {
        laid.add(row);
      }
    }
    return laid;
  }
}
