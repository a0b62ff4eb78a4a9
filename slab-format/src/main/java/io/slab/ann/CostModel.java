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

  /** Cells that the codes of centroids cannot tell from the nearest. */
  private static final double NEAR_CELLS = 30;

  private static final double CODE_GROUP = 0.032;
  private static final double CODE = 0.45;
  private static final double REFINE = 25;
  private static final double REFINE_DIMENSION = 0.1;
  private static final double RESCORE = 120;
  private static final double RESCORE_DIMENSION = 0.25;
  private static final double READ_BYTE = 0.045;

  /** Rows scored in ascending order, four at a time, without a search around it. */
  private static final double ROW = 110;

  /** The same where all of them stay in cache from query to query. */
  private static final double ROW_IN_CACHE = 20;

  private static final long CACHE_BYTES = 2 << 20;

  private static final double ROW_DIMENSION = 0.2;

  /** Judging a cell by its odds, and finding its place in the order. */
  private static final double JUDGE = 10;

  /** Fine codes looked at under a filter for each row wanted, and some more. */
  private static final double REFINED = 4;

  private static final double REFINED_MORE = 40;

  /** Rows rescored for each one wanted, and some more. */
  private static final double RESCORED = 1.5;

  private static final double RESCORED_MORE = 10;

  private CostModel() {}

  /** Exact scan of all rows. */
  static double exact(long rows, int dimension) {
    return rows * 4.0 * dimension * READ_BYTE;
  }

  /** Scoring single rows, as a filter leaves them. */
  static double rows(long rows, int dimension) {
    double row = 4 * rows * dimension <= CACHE_BYTES ? ROW_IN_CACHE : ROW;
    return rows * (row + ROW_DIMENSION * dimension);
  }

  /**
   * A search under a filter.
   *
   * @param cells that it may visit
   * @param share of the rows that are allowed
   */
  static double filtered(IvfIndex index, double cells, double share, int k) {
    double visited = Math.min(index.cells(), cells);
    // Blocks of codes without an allowed row are left out.
    double scanned = visited * index.rows() / index.cells() * Math.min(1, FastScan.BLOCK * share);
    double refined = REFINED * k + REFINED_MORE;
    double rescored = RESCORED * k + RESCORED_MORE;
    return search(index, visited, scanned, refined, rescored) + JUDGE * index.cells();
  }

  /** Finding the nearest cells. */
  private static double cells(IvfIndex index) {
    int padded = index.padded();
    return CentroidCodes.pays(index)
        ? index.cells() * (index.groups() * CODE_GROUP + CODE + 2)
            + NEAR_CELLS * (CELL + padded * CENTROID_DIMENSION)
        : index.cells() * (padded * CENTROID_DIMENSION + 2);
  }

  /** What comparing a query with so many codes would cost more if they were twice as long. */
  static double longer(IvfIndex index, double codes) {
    return codes * index.groups() * CODE_GROUP;
  }

  static double search(
      IvfIndex index, double cells, double scanned, double refined, double rescored) {
    int padded = index.padded();
    return padded * ROTATE_DIMENSION
        + cells(index)
        + cells * CELL
        + scanned * (index.groups() * CODE_GROUP + CODE)
        + refined * (REFINE + REFINE_DIMENSION * padded)
        + rescored * (RESCORE + RESCORE_DIMENSION * index.dimension());
  }
}
