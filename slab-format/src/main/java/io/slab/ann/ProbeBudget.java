package io.slab.ann;

/**
 * How many cells one search visits. Without a filter that is what the curve says. With one, the
 * first cells in the order of distance tell how many of the rows around the query are allowed:
 *
 * <ul>
 *   <li>about as many as everywhere, or more: the k-th allowed row lies as far as the row of rank k
 *       / share lies without a filter, and the curve says how many cells that takes;
 *   <li>far fewer: the filter goes with the vectors and the query lies outside of what it allows.
 *       The curve, which was measured with queries among the rows, says nothing about that, so
 *       every cell that holds an allowed row and may hold a nearer one is visited. They are few, as
 *       the others are skipped.
 * </ul>
 *
 * One thread only.
 */
final class ProbeBudget {
  /** A neighbourhood with less than this share of the average density counts as outside. */
  private static final double OUTSIDE = 0.5;

  private final IvfIndex index;
  private Curve curve;
  private double recall;
  private int k;
  private AllowedRows allowed;
  private boolean deciding;
  private boolean countsSkipped;
  private int limit;
  private int visited;
  private long rowsPassed;
  private long allowedPassed;

  ProbeBudget(IvfIndex index) {
    this.index = index;
  }

  /** A fixed number of cells; those without an allowed row do not count. */
  void fixed(int probes) {
    limit = probes;
    visited = 0;
    deciding = false;
    countsSkipped = false;
  }

  /** As many cells as the recall takes. */
  void adaptive(Curve byCurve, double wanted, int results, AllowedRows rows) {
    fixed(byCurve.effortFor(wanted, results).probes());
    curve = byCurve;
    recall = wanted;
    k = results;
    allowed = rows;
    rowsPassed = 0;
    allowedPassed = 0;
    deciding = rows != null && limit < index.cells();
    countsSkipped = rows != null;
  }

  boolean isSpent() {
    return visited >= limit;
  }

  /** Counts a cell that holds no allowed row, or none near enough. */
  void skip(int cell) {
    if (countsSkipped) {
      visit(cell);
    }
  }

  /** Counts a cell. */
  void visit(int cell) {
    visited++;
    if (deciding) {
      rowsPassed += index.directory().rows()[cell];
      allowedPassed += allowed.count(index, cell);
      if (visited == limit) {
        decide();
      }
    }
  }

  private void decide() {
    deciding = false;
    double share = (double) allowedPassed / rowsPassed;
    double everywhere = (double) allowed.count() / index.rows();
    if (share < OUTSIDE * everywhere) {
      limit = Integer.MAX_VALUE;
    } else {
      limit = Math.max(limit, curve.probesFor(recall, k / share));
    }
  }
}
