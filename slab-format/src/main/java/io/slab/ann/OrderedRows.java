package io.slab.ann;

import io.slab.format.section.DenseRows;
import java.lang.foreign.MemorySegment;

/**
 * Rows in another order than that in which they lie: that of an index which is being measured
 * before its slab is written. Thread-safe.
 *
 * @param places where each row lies among {@code rows}
 */
record OrderedRows(DenseRows data, int[] places) implements DenseRows {
  /**
   * Rows in an order.
   *
   * @param order null for the order that they have
   */
  static DenseRows of(DenseRows data, int[] order) {
    return order == null ? data : new OrderedRows(data, order);
  }

  @Override
  public int rows() {
    return places.length;
  }

  @Override
  public int dimension() {
    return data.dimension();
  }

  @Override
  public MemorySegment slice(int first, int count) {
    if (count != 1) {
      throw new UnsupportedOperationException("rows that lie apart are no segment");
    }
    return data.slice(places[first], 1);
  }

  @Override
  public MemorySegment mapped() {
    return data.mapped();
  }

  /** Not held: callers derive norms from the rows. */
  @Override
  public MemorySegment inverseNorms(int first, int count) {
    return null;
  }

  @Override
  public void copy(int row, float[] target) {
    data.copy(places[row], target);
  }
}
