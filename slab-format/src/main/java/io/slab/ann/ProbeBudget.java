package io.slab.ann;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * How many cells one search visits. Without a filter that is what the curve says for k rows. With
 * one, the k-th allowed row is the row of some higher rank among all rows, and visiting the cells
 * that the curve demands for that rank finds it just as surely. The rank follows from the share of
 * allowed rows in the cells that were passed so far. Where it lies beyond what was measured,
 * because few rows are allowed or the query lies outside of what its filter allows, and where the
 * shares differ from cell to cell or from that of all rows, cells go by their {@link CellOdds}. One
 * thread only.
 */
final class ProbeBudget {
  /** How far the curve is trusted beyond the last rank that was measured. */
  private static final double REACH = 1.25;

  /**
   * Shares of allowed rows in two cells differ by less where the filter is blind to the vectors.
   */
  private static final double EVEN = 2;

  /** From such a share on the filter hardly matters among the cells passed. */
  private static final double WHOLE = 0.95;

  /** The share of allowed rows is seen in few cells only. */
  private static final double MORE = 1.3;

  private final IvfIndex index;
  private final CellOdds odds;
  private int[] cells = new int[64];
  private Curve curve;
  private double recall;
  private int results;
  private boolean filtered;
  private boolean open;
  private int limit;
  private int passed;
  private int seen;
  private long rows;
  private long allowed;
  private double overall;
  private double most;
  private double least;
  private int[] stages;
  private int stage;
  private IntConsumer reached;

  ProbeBudget(IvfIndex index, CellOdds odds) {
    this.index = index;
    this.odds = odds;
  }

  /** A fixed number of cells; those without an allowed row do not count. */
  void fixed(int probes) {
    limit = probes;
    passed = 0;
    filtered = false;
    open = false;
    stages = null;
  }

  /**
   * As many cells as the last of several stages says. A search that visits fewer cells is the
   * beginning of one that visits more, so one search shows what all of them find.
   *
   * @param probes ascending
   * @param listener told the number of each stage at the moment when a search with its probes would
   *     end
   */
  void staged(int[] probes, IntConsumer listener) {
    fixed(probes[probes.length - 1]);
    stages = probes;
    stage = 0;
    reached = listener;
  }

  /** Ends the stages that the cells did not suffice for. */
  void end() {
    while (stages != null && stage < stages.length) {
      reached.accept(stage++);
    }
  }

  /** As many cells as the recall takes without a filter. */
  void adaptive(Curve byCurve, double wanted, int k) {
    fixed(byCurve.effortFor(wanted, k).probes());
  }

  /**
   * As many cells as the recall takes under a filter.
   *
   * @param allowedShare of all rows, in [0, 1]
   */
  void adaptive(Curve byCurve, double wanted, int k, double allowedShare) {
    adaptive(byCurve, wanted, k);
    curve = byCurve;
    recall = wanted;
    results = k;
    filtered = true;
    overall = allowedShare;
    seen = 0;
    rows = 0;
    allowed = 0;
    most = 0;
    least = 1;
  }

  /** Cells to visit, as far as that is known. */
  int limit() {
    return limit;
  }

  /** True when the search is over, unless it {@link #isOpen}. */
  boolean isSpent(float threshold) {
    while (stages != null && stage < stages.length && passed >= stages[stage]) {
      reached.accept(stage++);
    }
    if (passed < limit) {
      return false;
    }
    if (filtered && !open) {
      judge(threshold);
    }
    return passed >= limit;
  }

  private void judge(float threshold) {
    double share = (double) allowed / rows;
    double rank = Math.max(nearer(threshold), results / Math.max(share, 1e-9));
    int deepest = curve.deepest();
    limit = Math.max(limit, curve.probesFor(recall, MORE * Math.min(rank, deepest)));
    if (passed >= limit && (!isEven() || rank > REACH * deepest)) {
      open = true;
      limit = Integer.MAX_VALUE;
    }
  }

  /**
   * True where the cells passed say what the others are like. A single one may be half of what is
   * allowed and half of something else, and then its share alone would tell nothing about the next.
   */
  private boolean isEven() {
    return least >= WHOLE || Math.max(most, overall) <= EVEN * Math.min(least, overall);
  }

  /** Rows of the cells passed, allowed or not, that seem nearer than the k-th one found. */
  private float nearer(float threshold) {
    float sum = 0;
    for (int i = 0; i < seen; i++) {
      sum += odds.expected(cells[i], index.directory().rows()[cells[i]], threshold);
    }
    return sum;
  }

  /** True when every cell is judged by its odds, however many there were before. */
  boolean isOpen() {
    return open;
  }

  /**
   * Counts a cell that holds nothing near enough. Under a filter only behind the first that was
   * looked at: where another slab gave the threshold, the nearest cells may all be out of reach,
   * and tell nothing of what is allowed.
   */
  void tooFar() {
    passed += filtered && seen > 0 ? 1 : 0;
  }

  /** Counts a cell that holds no allowed row. */
  void empty(int cell) {
    if (filtered) {
      visit(cell, 0);
    }
  }

  /** Counts a cell that is scanned. */
  void visit(int cell, int allowedRows) {
    passed++;
    if (filtered && !open) {
      if (seen == cells.length) {
        cells = Arrays.copyOf(cells, 2 * seen);
      }
      cells[seen++] = cell;
      int size = index.directory().rows()[cell];
      rows += size;
      allowed += allowedRows;
      double share = (double) allowedRows / size;
      most = Math.max(most, share);
      least = Math.min(least, share);
    }
  }
}
