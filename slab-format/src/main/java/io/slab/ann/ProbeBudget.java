package io.slab.ann;

import java.util.function.IntConsumer;

/**
 * How many cells one search visits. Without a filter that is what the curve says for k rows. With
 * one, the k-th allowed row is the row of some higher rank among all rows, and visiting the cells
 * that the curve demands for that rank finds it just as surely. The rank is estimated while
 * searching, by counting the rows, allowed or not, that seem nearer than the k-th allowed row found
 * so far; rows of cells that are skipped all count. So a filter that has nothing to do with the
 * vectors costs a few cells more, and a query far outside of what its filter allows visits all that
 * may matter. One thread only.
 */
final class ProbeBudget {
  private final IvfIndex index;
  private Curve curve;
  private double recall;
  private boolean ranking;
  private int limit;
  private int visited;
  private long rank;
  private int[] stages;
  private int stage;
  private IntConsumer reached;

  ProbeBudget(IvfIndex index) {
    this.index = index;
  }

  /** A fixed number of cells; those without an allowed row do not count. */
  void fixed(int probes) {
    limit = probes;
    visited = 0;
    ranking = false;
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

  /** As many cells as the recall takes. */
  void adaptive(Curve byCurve, double wanted, int results, boolean filtered) {
    fixed(byCurve.effortFor(wanted, results).probes());
    curve = byCurve;
    recall = wanted;
    rank = 0;
    ranking = filtered && limit < index.cells();
  }

  /** True when {@link #nearer} wants to know. */
  boolean isRanking() {
    return ranking;
  }

  /** Takes in rows, allowed or not, that seem nearer than the k-th allowed one. */
  void nearer(long rows) {
    rank += rows;
  }

  /** Cells to visit, as far as that is known. */
  int limit() {
    return limit;
  }

  boolean isSpent() {
    while (stages != null && stage < stages.length && visited >= stages[stage]) {
      reached.accept(stage++);
    }
    if (visited < limit) {
      return false;
    }
    if (ranking) {
      limit = Math.max(limit, curve.probesFor(recall, rank));
    }
    return visited >= limit;
  }

  /** Counts a cell that holds no allowed row, or none near enough. */
  void skip(int cell) {
    if (ranking) {
      visited++;
      rank += index.directory().rows()[cell];
    }
  }

  /** Counts a cell that is scanned. */
  void visit() {
    visited++;
  }
}
