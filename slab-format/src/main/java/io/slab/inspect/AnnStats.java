package io.slab.inspect;

import io.slab.ann.AnnIndex;
import io.slab.ann.CurvePoint;
import io.slab.ann.IvfIndex;
import io.slab.format.SlabReader;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The approximate index of a slab.
 *
 * @param algorithm {@code ananas}, {@code ivf} or {@code pqfs}
 * @param quantizer {@code sign} or {@code pq}
 * @param cells lists
 * @param fewest rows of the shortest list
 * @param most rows of the longest list
 * @param sizes of the lists, in rows
 * @param codeBytes mean bytes of a row in a list: code, number and factors
 * @param curve what was measured when it was built, by results wanted and then by cost
 */
public record AnnStats(
    String algorithm,
    String quantizer,
    int cells,
    int fewest,
    int most,
    Histogram sizes,
    double codeBytes,
    List<CurvePoint> curve) {
  private static final int BINS = 20;

  public AnnStats {
    curve = List.copyOf(curve);
  }

  /**
   * Of an opened slab; null when it has no index. Reads the directory of the cells, not the lists.
   */
  public static AnnStats of(SlabReader slab) {
    AnnIndex ann = AnnIndex.of(slab);
    if (ann == null) {
      return null;
    }
    IvfIndex index = ann.index();
    int[] rows = index.cellRows();
    double[] sizes = Arrays.stream(rows).asDoubleStream().toArray();
    return new AnnStats(
        ann.algorithm(),
        index.quantizer().name().toLowerCase(Locale.ROOT),
        index.cells(),
        Arrays.stream(rows).min().orElse(0),
        Arrays.stream(rows).max().orElse(0),
        Histogram.of(sizes, BINS),
        (double) index.listBytes() / index.rows(),
        ann.curve().points().stream()
            .sorted(Comparator.comparingInt(CurvePoint::k).thenComparingDouble(CurvePoint::cost))
            .toList());
  }

  /**
   * The points of a number of results of which no cheaper one finds more: what a query picks from.
   */
  public List<CurvePoint> ladder(int k) {
    double[] best = {-1};
    return curve.stream()
        .filter(point -> point.k() == k)
        .filter(point -> {
          boolean better = point.assured() > best[0];
          best[0] = Math.max(best[0], point.assured());
          return better;
        })
        .toList();
  }

  /** The numbers of results that were measured, ascending. */
  public List<Integer> results() {
    return curve.stream().map(CurvePoint::k).distinct().sorted().toList();
  }
}
