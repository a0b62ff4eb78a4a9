package io.slab.ann;

/**
 * Nanoseconds of one core, from counts. Calibration counts and then models, rather than read a
 * clock, so that the same rows give the same slab on every machine and under any load. The
 * constants were measured with vector kernels on one core of a current server
 * (io.slab.bench.AnnBench); only their ratios matter.
 */
final class CostModel {
  private static final double ROTATE_DIMENSION = 8;
  private static final double CENTROID_DIMENSION = 0.09;
  private static final double CELL = 150;
  private static final double CODE_GROUP = 0.032;
  private static final double CODE = 0.45;
  private static final double RESCORE = 120;
  private static final double RESCORE_DIMENSION = 0.25;
  private static final double READ_BYTE = 0.045;

  /** Rows scored in ascending order, four at a time, without a search around it. */
  private static final double ROW = 110;

  private static final double ROW_DIMENSION = 0.2;

  /**
   * A search under a filter tests rows, keeps wider bounds and visits cells until the rank of its
   * answer is sure: on 1 M rows of 128 dimensions and 60 k of 784, with 1 to 10 % allowed, it took
   * 2 to 4 times what the curve says for k divided by the share.
   */
  private static final double FILTERED = 2.5;

  private CostModel() {}

  /** Exact scan of all rows. */
  static double exact(long rows, int dimension) {
    return rows * 4.0 * dimension * READ_BYTE;
  }

  /** Scoring single rows, as a filter leaves them. */
  static double rows(long rows, int dimension) {
    return rows * (ROW + ROW_DIMENSION * dimension);
  }

  /** A search under a filter that costs so much without. */
  static double filtered(double cost) {
    return FILTERED * cost;
  }

  static double search(IvfIndex index, double cells, double scanned, double rescored) {
    int padded = index.padded();
    return padded * ROTATE_DIMENSION
        + index.cells() * (padded * CENTROID_DIMENSION + 2)
        + cells * CELL
        + scanned * (index.groups() * CODE_GROUP + CODE)
        + rescored * (RESCORE + RESCORE_DIMENSION * index.dimension());
  }
}
