package io.slab.ann;

/**
 * Whether cells may still hold answers, judged by what is known before their lists are read: how
 * many rows of a cell are allowed, how far its centroid lies, and how widely its rows scatter. The
 * keys of a cell's rows are taken for normally distributed, which tells how many of them lie below
 * the k-th best key found so far; a cell that may expect fewer than a small part of a row is left
 * out. Cells that yield more than they promised lower that part for the rest of the search. One
 * thread only.
 */
final class CellOdds {
  /** Steps of the table: the share of rows halves with every second one. */
  private static final int STEPS = 80;

  private static final float[] SQUARED_DEVIATIONS = deviations();
  private static final float[] SHARES = shares();

  /** Rows that a search assumes to have expected and found at its start. */
  private static final double PRIOR = 1;

  private final CellGeometry geometry;
  private double least;
  private double expected;
  private double found;
  private int step;
  private float thresholdThen;
  private int stepThen;

  CellOdds(CellGeometry geometry) {
    this.geometry = geometry;
  }

  /**
   * Starts a search.
   *
   * @param rows that a cell must promise
   */
  void start(double rows) {
    least = rows;
    expected = PRIOR;
    found = PRIOR;
    adjust();
  }

  private void adjust() {
    double rows = Math.max(1, found / expected) / least;
    step = Math.max(0, 1 + Math.getExponent(rows * rows));
  }

  /**
   * False when a cell promises too little.
   *
   * @param rows of the cell that are allowed, or more
   * @param threshold the key below which a row must lie
   */
  boolean isPromising(int cell, int rows, float threshold) {
    return isPromising(cell, rows, threshold, step);
  }

  /** Lets {@link #wasPromising} judge by what is known now. */
  void remember(float threshold) {
    thresholdThen = threshold;
    stepThen = step;
  }

  /** What {@link #isPromising} said when the state was remembered. */
  boolean wasPromising(int cell, int rows) {
    return isPromising(cell, rows, thresholdThen, stepThen);
  }

  private boolean isPromising(int cell, int rows, float threshold, int step) {
    if (rows == 0) {
      return false;
    }
    float above = geometry.meanKey(cell) - threshold;
    // Twice the binary logarithm of the rows, which is that of their square.
    int steps = Math.min(STEPS - 1, step + 63 - Long.numberOfLeadingZeros((long) rows * rows));
    return above <= 0 || above * above <= SQUARED_DEVIATIONS[steps] * geometry.keyVariance(cell);
  }

  /** Takes in what a cell held that was visited: how many rows below the threshold. */
  void visited(int cell, int rows, float threshold, long below) {
    expected += expected(cell, rows, threshold);
    found += below;
    adjust();
  }

  /** How many of so many rows of a cell lie below a key, by rights. */
  float expected(int cell, int rows, float key) {
    float above = geometry.meanKey(cell) - key;
    float variance = geometry.keyVariance(cell);
    int step = above > 0 ? 2 : 0;
    while (step < STEPS && SQUARED_DEVIATIONS[step] * variance < above * above) {
      step++;
    }
    return rows * SHARES[step];
  }

  private static float[] shares() {
    float[] shares = new float[STEPS + 1];
    for (int step = 0; step <= STEPS; step++) {
      shares[step] = Math.scalb(step % 2 == 0 ? 1 : (float) Math.sqrt(2), -(step + 1) / 2);
    }
    return shares;
  }

  /** How far above the mean all but a share of 2^(-step/2) lie, squared; 0 for halves and more. */
  private static float[] deviations() {
    float[] squares = new float[STEPS];
    for (int step = 3; step < STEPS; step++) {
      float z = Normal.above(StrictMath.pow(2, -step / 2.0));
      squares[step] = z * z;
    }
    return squares;
  }
}
