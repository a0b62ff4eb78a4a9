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

  private CostModel() {}

  /** Exact scan of all rows. */
  static double exact(long rows, int dimension) {
    return rows * 4.0 * dimension * READ_BYTE;
  }

  /** Rescoring single rows, as a filter leaves them. */
  static double rows(long rows, int dimension) {
    return rows * (RESCORE + RESCORE_DIMENSION * dimension);
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
