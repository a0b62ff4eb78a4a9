package io.slab.ann;

import java.util.List;

/**
 * What was measured about an index: recall and cost for a series of efforts, for few and for many
 * results. Immutable.
 */
public final class Curve {
  /**
   * How the number of cells grows with the rank beyond what was measured, as found on real data.
   */
  private static final double GROWTH = 0.6;

  /** By what the error of codes exceeds its bound on real data, where tables are rounded: 1.36. */
  private static final float WIDER = 1.4f;

  /** The part of what may be missed that is for the codes; fine codes, as wide, miss far less. */
  private static final double BY_CODES = 0.85;

  private static final double LEAST_MISSED = 1e-4;

  /**
   * The margin that a search for fewer results than were measured takes at least. The estimates of
   * the very nearest rows are compared with each other then, and a narrow margin loses more of
   * them: on 22,000 dense SIFT descriptors 1.2 missed 0.015 of ten results and 0.021 of one, all
   * cells visited, and 1.9 missed 0.0025 of either.
   */
  private static final float LEAST_MARGIN = 1.9f;

  private final List<CurvePoint> points;

  /** Numbers of results that were measured, ascending, and for each its points, cheapest first. */
  private final int[] ranks;

  private final CurvePoint[][] cheapest;

  public Curve(List<CurvePoint> points) {
    this.points = List.copyOf(points);
    ranks = points.stream().mapToInt(CurvePoint::k).distinct().sorted().toArray();
    cheapest = new CurvePoint[ranks.length][];
    for (int i = 0; i < ranks.length; i++) {
      int rank = ranks[i];
      cheapest[i] =
          points.stream()
              .filter(point -> point.k() == rank)
              .sorted((a, b) -> Double.compare(a.cost(), b.cost()))
              .toArray(CurvePoint[]::new);
    }
  }

  public List<CurvePoint> points() {
    return points;
  }

  /**
   * The cheapest effort whose assured recall reaches the target, {@link Effort#FULL} when none
   * does. Where nothing was measured, the codes' own error bound decides.
   *
   * @param recall in [0, 1]
   * @param k results wanted; under a filter, divided by the share of rows that match: the k-th
   *     match lies as far as the row of that rank lies without a filter
   */
  public Effort effortFor(double recall, long k) {
    if (ranks.length == 0) {
      return unmeasured(recall);
    }
    CurvePoint best = pointFor(recall, k);
    if (best == null) {
      return Effort.FULL;
    }
    if (k <= best.k()) {
      return best.effort();
    }
    // Beyond what was measured: the ball around the query that holds k rows grows more slowly than
    // k, and so does the number of cells that it meets; growing with k errs on the safe side.
    double probes = (double) best.effort().probes() * k / best.k();
    return new Effort((int) Math.min(Integer.MAX_VALUE, probes), best.effort().margin());
  }

  /** All cells, and a margin that the error of the codes rarely exceeds. */
  private static Effort unmeasured(double recall) {
    double missed = Math.max(LEAST_MISSED, BY_CODES * (1 - recall));
    float margin = Math.min(Effort.FULL.margin(), WIDER * Normal.above(missed));
    return new Effort(Effort.FULL.probes(), margin);
  }

  /**
   * The measurement that {@link #effortFor} goes by; null when none reaches the target.
   *
   * @param recall in [0, 1]
   * @param k results wanted
   */
  public CurvePoint pointFor(double recall, long k) {
    if (ranks.length == 0) {
      return null;
    }
    for (CurvePoint point : cheapest[measuredFor(k)]) {
      boolean isWide = k >= point.k() || point.effort().margin() >= LEAST_MARGIN;
      if (point.assured() >= recall && isWide) {
        return point;
      }
    }
    return null;
  }

  /**
   * Cells to visit so that the rows up to a rank are found: between the ranks that were measured by
   * interpolation on a logarithmic scale, beyond the last one in proportion, which is more than it
   * takes. All cells when nothing was measured.
   */
  int probesFor(double recall, double rank) {
    if (ranks.length == 0) {
      return Effort.FULL.probes();
    }
    int last = ranks.length - 1;
    double before = effortFor(recall, ranks[0]).probes();
    if (rank <= ranks[0]) {
      return (int) before;
    }
    for (int i = 1; i <= last; i++) {
      double after = effortFor(recall, ranks[i]).probes();
      if (rank <= ranks[i]) {
        double share = Math.log(rank / ranks[i - 1]) / Math.log((double) ranks[i] / ranks[i - 1]);
        double probes = before * Math.pow(Math.max(1, after / before), share);
        return (int) Math.min(Integer.MAX_VALUE, Math.ceil(probes));
      }
      before = Math.max(before, after);
    }
    return (int) Math.min(Integer.MAX_VALUE, before * rank / ranks[last]);
  }

  /**
   * About the number of cells that a search under a filter visits whose answers reach so far a
   * rank; for estimates of cost.
   */
  double cellsFor(double recall, double rank) {
    int deepest = deepest();
    double probes = probesFor(recall, Math.min(rank, deepest));
    return probes * Math.pow(Math.max(1, rank / Math.max(1, deepest)), GROWTH);
  }

  /** The highest rank that was measured. */
  int deepest() {
    return ranks.length == 0 ? 0 : ranks[ranks.length - 1];
  }

  /** Modelled cost of the effort for a target; infinite when no point reaches it. */
  double costFor(double recall, long k) {
    CurvePoint best = pointFor(recall, k);
    if (best == null) {
      return Double.POSITIVE_INFINITY;
    }
    return k <= best.k() ? best.cost() : best.cost() * k / best.k();
  }

  /** Place of the smallest k measured that is not below the one wanted, else of the largest. */
  private int measuredFor(long k) {
    int i = 0;
    while (i < ranks.length - 1 && ranks[i] < k) {
      i++;
    }
    return i;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Curve curve && points.equals(curve.points);
  }

  @Override
  public int hashCode() {
    return points.hashCode();
  }
}
