package io.slab.ann;

import io.slab.error.CancellationToken;
import io.slab.error.WorkPhase;
import io.slab.format.section.DenseRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/**
 * Measures an index on {@link CalibrationQueries} for a series of efforts. The result depends on
 * the rows and the index only. Thread-safe.
 */
final class Calibration {
  static final int QUERIES = 240;

  /** Numbers of results measured, where the slab has that many rows to spare. */
  static final int[] RESULTS = {10, 100};

  private static final float[] MARGINS = {1.2f, 1.9f, 2.8f};

  /** Recall from which more probes teach nothing. */
  private static final double ENOUGH = 0.9995;

  /** So many rungs in a row that find no more, each with 1.4 times the cells, end a ladder. */
  private static final int FLAT_RUNGS = 4;

  /** Standard errors between the recall measured and the recall assured (95 %, one-sided). */
  private static final double CONFIDENCE = 1.645;

  /** Cells of the first try of a ladder, and how many times more each next one takes. */
  private static final int FIRST_TRY = 32;

  private static final int NEXT_TRY = 4;

  private static final int TASK_QUERIES = 4;

  private final IvfIndex index;
  private final DenseRows rows;
  private final int[] order;
  private final CalibrationQueries queries;
  private final AnnKernels kernels;
  private final int threads;
  private final Queue<IvfSearcher> searchers = new ConcurrentLinkedQueue<>();
  private CancellationToken work = CancellationToken.NONE;

  /**
   * @param data the rows of the index, of which the queries were made
   * @param order where each row of the index lies among them; null when they are in its order
   * @param threads that may be used; the result is the same for any number
   */
  Calibration(
      IvfIndex index,
      DenseRows data,
      int[] order,
      CalibrationQueries queries,
      AnnKernels kernels,
      int threads) {
    this.index = index;
    this.rows = OrderedRows.of(data, order);
    this.order = order;
    this.queries = queries;
    this.kernels = kernels;
    this.threads = threads;
  }

  /** Tells a listener how far it is. */
  Calibration watchedBy(CancellationToken owner) {
    work = owner;
    return this;
  }

  /** Neighbours that queries must know for a slab of so many rows. */
  static int depth(int rows, int[] results) {
    return Math.min(rows - 1, results[results.length - 1]);
  }

  /**
   * Measures.
   *
   * @param results numbers of results to measure; those that the queries know no answer for are
   *     left out
   */
  Curve run(int[] results) {
    List<CurvePoint> points = new ArrayList<>();
    long ladders = (long) results.length * MARGINS.length;
    WorkPhase phase = new WorkPhase(work, "calibration", null, ladders);
    for (int k : results) {
      for (float margin : MARGINS) {
        if (k <= queries.truth()[0].length) {
          points.addAll(ladder(k, margin));
        }
        phase.add(1);
      }
    }
    return new Curve(points);
  }

  /**
   * Climbs until nothing is left to gain. One search of each query measures many points; how many
   * are needed shows only afterwards, so it is tried with few cells first.
   */
  private List<CurvePoint> ladder(int k, float margin) {
    int[] ladder = probes();
    for (int most = FIRST_TRY; ; most *= NEXT_TRY) {
      int limit = most;
      int count = (int) Arrays.stream(ladder).filter(probes -> probes <= limit).count();
      count = Math.min(ladder.length, count);
      List<CurvePoint> points = measure(k, margin, Arrays.copyOf(ladder, count));
      int end = end(points);
      if (end < count || count == ladder.length) {
        return points.subList(0, Math.min(count, end + 1));
      }
    }
  }

  /**
   * The first point after which more probes teach nothing, or the number of points. Two rungs may
   * find the same by chance, so it takes several without a gain.
   */
  private static int end(List<CurvePoint> points) {
    int same = 0;
    for (int i = 0; i < points.size(); i++) {
      double recall = points.get(i).recall();
      boolean gained = i == 0 || recall > points.get(i - 1).recall();
      same = gained || points.get(i).effort().probes() <= 8 ? 0 : same + 1;
      if (recall >= ENOUGH || same == FLAT_RUNGS) {
        return i;
      }
    }
    return points.size();
  }

  /** 1, 2, 3, 4, 6, 8, 12, 16, 24 and so on, up to all cells. */
  private int[] probes() {
    IntStream steps =
        IntStream.iterate(0, step -> step + 1)
            .map(step -> step < 2 ? step + 1 : step % 2 == 0 ? 3 << step / 2 - 1 : 2 << step / 2)
            .takeWhile(probes -> probes < index.cells());
    return IntStream.concat(steps, IntStream.of(index.cells())).toArray();
  }

  /** Measures one effort. */
  CurvePoint measure(int k, Effort effort) {
    return measure(k, effort.margin(), new int[] {effort.probes()}).getFirst();
  }

  private List<CurvePoint> measure(int k, float margin, int[] probes) {
    int count = queries.rows().length;
    Counts[] counts = new Counts[probes.length];
    Arrays.setAll(counts, stage -> new Counts(count));
    Parallel.run(
        threads,
        (count + TASK_QUERIES - 1) / TASK_QUERIES,
        task -> {
          IvfSearcher idle = searchers.poll();
          IvfSearcher searcher = idle == null ? new IvfSearcher(index, rows, kernels) : idle;
          int end = Math.min(count, (task + 1) * TASK_QUERIES);
          for (int q = task * TASK_QUERIES; q < end; q++) {
            int query = q;
            // One more than wanted: the row behind the query is among them and does not count.
            searcher.search(
                queries.vectors()[q],
                k + 1,
                margin,
                probes,
                stage -> counts[stage].take(query, hits(searcher, query, k), searcher.cost()));
          }
          searchers.add(searcher);
        });
    List<CurvePoint> points = new ArrayList<>();
    for (int stage = 0; stage < probes.length; stage++) {
      points.add(point(k, new Effort(probes[stage], margin), counts[stage]));
    }
    return points;
  }

  private int hits(IvfSearcher searcher, int query, int k) {
    TopRows found = searcher.found();
    int self = queries.rows()[query];
    float worst = queries.truth()[query][k - 1];
    int hits = 0;
    for (int i = 0; i < found.size(); i++) {
      int row = order == null ? found.row(i) : order[found.row(i)];
      hits += row != self && found.key(i) <= worst ? 1 : 0;
    }
    return Math.min(hits, k);
  }

  /** What one effort found and cost, for each query. */
  private record Counts(int[] hits, int[] cells, long[] scanned, long[] refined, long[] rescored) {
    Counts(int queries) {
      this(
          new int[queries],
          new int[queries],
          new long[queries],
          new long[queries],
          new long[queries]);
    }

    void take(int query, int found, SearchCost cost) {
      hits[query] = found;
      cells[query] = cost.cells();
      scanned[query] = cost.scanned();
      refined[query] = cost.refined();
      rescored[query] = cost.rescored();
    }
  }

  private CurvePoint point(int k, Effort effort, Counts counts) {
    double count = counts.hits().length;
    double[] recall = Arrays.stream(counts.hits()).mapToDouble(hits -> (double) hits / k).toArray();
    double cells = Arrays.stream(counts.cells()).sum() / count;
    double scanned = Arrays.stream(counts.scanned()).sum() / count;
    double refined = Arrays.stream(counts.refined()).sum() / count;
    double rescored = Arrays.stream(counts.rescored()).sum() / count;
    return new CurvePoint(
        k,
        effort,
        Arrays.stream(counts.hits()).sum() / (k * count),
        Math.min(assured(recall, 0), assured(recall, 1)),
        cells,
        scanned,
        refined,
        rescored,
        CostModel.search(index, cells, scanned, refined, rescored));
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
}
