package io.slab.ann;

import io.slab.format.section.DenseRows;
import io.slab.model.Metric;
import io.slab.vector.CanonicalScore;

/**
 * Whether the codes of a single cell keep what their error bounds promise. The bounds know nothing
 * of the rounding of vectors that have a large part in common, nor of numbers out of range: where
 * it shows, the codes would lose answers. Where a trial chooses an index that shows in what it
 * finds; here some rows are compared with some others, which takes next to no time.
 */
final class FlatCodesCheck {
  private static final int QUERIES = 8;
  private static final int ROWS = 64;

  /** Multiples of the deviation that hardly any estimate is off by. */
  private static final float DEVIATIONS = 4;

  /** Estimates that may be off by more. */
  private static final double MOST_OFF = 0.02;

  private final IvfIndex index;
  private final DenseRows rows;
  private final AnnKernels kernels;

  FlatCodesCheck(IvfIndex index, DenseRows rows, AnnKernels kernels) {
    this.index = index;
    this.rows = rows;
    this.kernels = kernels;
  }

  /**
   * @param seed of the rows that are compared
   */
  boolean holds(long seed) {
    int[] queries = Sample.positions(rows.rows(), Math.min(QUERIES, rows.rows()), seed);
    int[] others = Sample.positions(rows.rows(), Math.min(ROWS, rows.rows()), seed + 1);
    FineEstimator fine = new FineEstimator(index, kernels);
    float[] query = new float[rows.dimension()];
    int off = 0;
    for (int one : queries) {
      rows.copy(one, query);
      off += off(query, others, fine);
    }
    return off <= MOST_OFF * queries.length * others.length;
  }

  /** Estimates that are off by too much; those that are no numbers are. */
  private int off(float[] query, int[] others, FineEstimator fine) {
    float[] rotated = new float[index.padded()];
    index.space(kernels).load(query, rotated);
    QueryTable table = new QueryTable(index.groups());
    index.encoder().table(rotated, table);
    fine.start(rotated, table);
    FastScan scan = kernels.fastScan(index.groups());
    scan.prepare(table.entries);
    Probe probe = new Probe();
    CellGeometry geometry = new CellGeometry(index, kernels);
    geometry.prepare(rotated, scan, probe);
    geometry.aim(0, DEVIATIONS, probe);
    CodeList list = CodeList.of(index, 0);
    float[] row = new float[rows.dimension()];
    int off = 0;
    for (int other : others) {
      rows.copy(other, row);
      fine.look(list, other, probe);
      double error = Math.abs(key(query, row) - fine.estimate);
      // A row that is the centre has an exact code, but for the rounding.
      double rounding = 1e-5 * Math.abs(fine.estimate);
      off += error <= fine.estimate - fine.bound + rounding ? 0 : 1;
    }
    return off;
  }

  private double key(float[] query, float[] row) {
    double score = CanonicalScore.dense(index.metric(), query, row);
    return index.metric() == Metric.COSINE
        ? 2 - 2 * score
        : index.metric() == Metric.DOTPRODUCT ? -score : score;
  }
}
