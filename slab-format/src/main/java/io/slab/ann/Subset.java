package io.slab.ann;

import io.slab.format.section.DenseRows;

/** A copy of some rows, in memory. */
final class Subset {
  private Subset() {}

  /**
   * {@code most} rows chosen by the seed, in row order; the rows themselves when there are no more.
   */
  static DenseRows of(DenseRows rows, int most, long seed) {
    if (rows.rows() <= most) {
      return rows;
    }
    MemoryRows subset = MemoryRows.allocate(most, rows.dimension());
    float[] vector = new float[rows.dimension()];
    int[] chosen = Sample.positions(rows.rows(), most, seed);
    for (int i = 0; i < chosen.length; i++) {
      rows.copy(chosen[i], vector);
      subset.set(i, vector);
    }
    return subset;
  }
}
