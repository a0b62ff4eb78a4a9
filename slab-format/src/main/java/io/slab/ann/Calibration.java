package io.slab.ann;

import io.slab.format.DenseRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures an index on {@link CalibrationQueries} for a ladder of efforts. The result depends on
 * the rows and the index only. Thread-safe.
 */
final class Calibration {
  static final int QUERIES = 240;

  /** Numbers of results measured, where the slab has that many rows to spare. */
  static final int[] RESULTS = {10, 100};

  private static final float[] MARGINS = {1.2f, 1.9f, 2.8f};

  /** Recall from which more probes teach nothing. */
  private static final double ENOUGH = 0.9995;

  /** Standard errors between the recall measured and the recall assured (95 %, one-sided). */
  private static final double CONFIDENCE = 1.645;

  private final IvfIndex index;
  private final DenseRows rows;
  private final CalibrationQueries queries;
  private final AnnKernels kernels;

  Calibration(IvfIndex index, DenseRows rows, CalibrationQueries queries, AnnKernels kernels) {
    this.index = index;
    this.rows = rows;
    this.queries = queries;
    this.kernels = kernels;
  }

  /** Neighbours that queries must know for a slab of so many rows. */
  static int depth(int rows) {
    return Math.min(rows - 1, RESULTS[RESULTS.length - 1]);
  }

  Curve run() {
    IvfSearcher searcher = new IvfSearcher(index, rows, kernels);
    List<Rung> rungs = new ArrayList<>();
    for (int k : RESULTS) {
      if (k <= queries.truth()[0].length) {
        for (float margin : MARGINS) {
          ladder(searcher, k, margin, rungs);
        }
      }
    }
    return new Curve(rungs);
  }

  private void ladder(IvfSearcher searcher, int k, float margin, List<Rung> rungs) {
    double before = -1;
    for (int step = 0; ; step++) {
      int probes = Math.min(index.cells(), probes(step));
      Rung rung = measure(searcher, k, new Effort(probes, margin));
      rungs.add(rung);
      boolean flat = rung.recall() == before && probes > 8;
      if (probes == index.cells() || rung.recall() >= ENOUGH || flat) {
        return;
      }
      before = rung.recall();
    }
  }

  /** 1, 2, 3, 4, 6, 8, 12, 16, 24 and so on. */
  private static int probes(int step) {
    return step < 2 ? step + 1 : step % 2 == 0 ? 3 << (step / 2 - 1) : 2 << (step / 2);
  }

  /** Measures one effort. */
  Rung measure(int k, Effort effort) {
    return measure(new IvfSearcher(index, rows, kernels), k, effort);
  }

  private Rung measure(IvfSearcher searcher, int k, Effort effort) {
    int count = queries.rows().length;
    double[] recall = new double[count];
    double cells = 0;
    double scanned = 0;
    double rescored = 0;
    for (int q = 0; q < count; q++) {
      // One more than wanted: the row behind the query is among them and does not count.
      TopRows top = searcher.search(queries.vectors()[q], k + 1, effort, null);
      recall[q] = (double) hits(top, queries.rows()[q], queries.truth()[q][k - 1], k) / k;
      SearchCost cost = searcher.cost();
      cells += cost.cells();
      scanned += cost.scanned();
      rescored += cost.rescored();
    }
    return new Rung(
        k,
        effort,
        Arrays.stream(recall).sum() / count,
        Math.min(assured(recall, 0), assured(recall, 1)),
        cells / count,
        scanned / count,
        rescored / count,
        CostModel.search(index, cells / count, scanned / count, rescored / count));
  }

  /** What the queries from {@code first} on in steps of two assure: rows, or rows moved. */
  private static double assured(double[] recall, int first) {
    int count = 0;
    double sum = 0;
    double squares = 0;
    for (int q = first; q < recall.length; q += 2) {
      count++;
      sum += recall[q];
      squares += recall[q] * recall[q];
    }
    double mean = sum / count;
    // A handful of queries without a miss prove little: count one more that finds half.
    double variance = Math.max(0, squares / count - mean * mean) + 0.25 / count / count;
    return mean - CONFIDENCE * Math.sqrt(variance / count);
  }

  private static int hits(TopRows top, int self, float worst, int k) {
    int hits = 0;
    for (int i = 0; i < top.size(); i++) {
      hits += top.row(i) != self && top.key(i) <= worst ? 1 : 0;
    }
    return Math.min(hits, k);
  }
}
