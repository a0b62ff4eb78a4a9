package io.slab.bench;

import io.slab.ann.AnnChooser;
import io.slab.ann.AnnIndex;
import io.slab.ann.AnnKernels;
import io.slab.ann.Effort;
import io.slab.ann.IvfBuilder;
import io.slab.ann.IvfIndex;
import io.slab.ann.IvfParams;
import io.slab.ann.IvfSearcher;
import io.slab.ann.MemoryRows;
import io.slab.ann.Quantizer;
import io.slab.ann.SearchCost;
import io.slab.ann.TopRows;
import io.slab.format.section.DenseRows;
import io.slab.model.Metric;
import io.slab.testkit.NpyMatrix;
import io.slab.testkit.SyntheticRows;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Measures indexes over dense rows: build time by stage, and recall@10 against processor time per
 * query on one thread in steady state, for a grid of efforts. Arguments: {@code folder <folder>}
 * with {@code base} and {@code queries} as {@code .npy} or {@code .u8.npy}, or {@code synthetic
 * <rows> <dimension>}, then {@code <cells> <sign|pq> <vector|scalar> <threads>} or {@code choose
 * <threads>}, which lets the chooser choose and checks its promise on other queries.
 */
public final class AnnBench {
  private static final int K = 10;

  private final PrintStream out;

  private AnnBench(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] args) throws IOException {
    new AnnBench(System.out).run(args);
  }

  private void run(String[] args) throws IOException {
    MemoryRows rows;
    MemoryRows queries;
    long start = System.nanoTime();
    int next;
    if (args[0].equals("folder")) {
      rows = matrix(args[1], "base");
      queries = matrix(args[1], "queries");
      next = 2;
    } else {
      SyntheticRows generator = SyntheticRows.standard(Integer.parseInt(args[2]));
      int count = Integer.parseInt(args[1]);
      rows = generator.generate(0, count);
      queries = generator.generate(count, 1000);
      next = 3;
    }
    out.printf(
        Locale.ROOT,
        "rows %d x %d, loaded in %.2f s%n",
        rows.rows(),
        rows.dimension(),
        (System.nanoTime() - start) * 1e-9);
    if (args[next].equals("choose")) {
      choose(rows, queries, Integer.parseInt(args[next + 1]));
      return;
    }
    Quantizer quantizer = args[next + 1].equals("pq") ? Quantizer.PQ : Quantizer.SIGN;
    AnnKernels kernels = args[next + 2].equals("scalar") ? AnnKernels.scalar() : AnnKernels.best();
    int threads = Integer.parseInt(args[next + 3]);
    for (String cells : args[next].split(",")) {
      IvfParams params = IvfParams.of(Integer.parseInt(cells), quantizer, 42, threads);
      IvfIndex index = build(rows, params);
      search(index, ordered(index, rows), queries, kernels);
    }
  }

  private IvfIndex build(MemoryRows rows, IvfParams params) {
    IvfBuilder builder = new IvfBuilder(rows, Metric.EUCLIDEAN, params, AnnKernels.best());
    long from = System.nanoTime();
    IvfIndex index = builder.build();
    long[] stages = builder.stageNanos();
    out.printf(
        Locale.ROOT,
        "%s %d cells built in %.2f s: train %.2f, assign %.2f, encode %.2f; %.1f bytes a row (%.1f %% of raw)%n",
        params.quantizer(),
        index.cells(),
        (System.nanoTime() - from) * 1e-9,
        stages[0] * 1e-9,
        stages[1] * 1e-9,
        stages[2] * 1e-9,
        (double) index.bytes() / rows.rows(),
        25.0 * index.bytes() / rows.rows() / rows.dimension());
    return index;
  }

  private static MemoryRows matrix(String folder, String name) throws IOException {
    Path bytes = Path.of(folder, name + ".u8.npy");
    return NpyMatrix.read(Files.exists(bytes) ? bytes : Path.of(folder, name + ".npy"));
  }

  private void choose(MemoryRows rows, MemoryRows queries, int threads) {
    long start = System.nanoTime();
    AnnIndex chosen =
        new AnnChooser(rows, Metric.EUCLIDEAN, 42, threads, AnnKernels.best()).choose();
    out.printf(
        Locale.ROOT,
        "%s chosen and built in %.2f s%n",
        chosen == null ? "exact" : chosen.algorithm() + " " + chosen.index().cells(),
        (System.nanoTime() - start) * 1e-9);
    if (chosen == null) {
      return;
    }
    MemoryRows ordered = ordered(chosen.index(), rows);
    float[] kth = groundTruth(chosen.index(), ordered, queries);
    IvfSearcher searcher = new IvfSearcher(chosen.index(), ordered, AnnKernels.best());
    warm(searcher, queries, new Effort(16, 1.9f));
    for (double target : new double[] {0.9, 0.95, 0.98, 0.99, 0.995}) {
      out.printf(
          Locale.ROOT,
          "target %.3f, modelled %6.1f us: ",
          target,
          chosen.curve().points().stream()
              .filter(r -> r.k() == K && r.assured() >= target)
              .mapToDouble(r -> r.cost() * 1e-3)
              .min()
              .orElse(Double.NaN));
      measure(searcher, queries, kth, chosen.curve().effortFor(target, K));
    }
  }

  private void search(IvfIndex index, MemoryRows rows, MemoryRows queries, AnnKernels kernels) {
    float[] kth = groundTruth(index, rows, queries);
    IvfSearcher searcher = new IvfSearcher(index, rows, kernels);
    float[] margins = {1.2f, 1.9f, 2.8f, 4f};
    int[] ladder = {1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192};
    warm(searcher, queries, new Effort(16, 1.9f));
    for (float margin : margins) {
      for (int probes : ladder) {
        if (probes <= 2 * index.cells()) {
          measure(searcher, queries, kth, new Effort(probes, margin));
        }
      }
    }
  }

  /** The rows as a slab with this index has them. */
  private static MemoryRows ordered(IvfIndex index, MemoryRows rows) {
    int[] order = index.order();
    if (order == null) {
      return rows;
    }
    MemoryRows ordered = MemoryRows.allocate(rows.rows(), rows.dimension());
    float[] row = new float[rows.dimension()];
    for (int i = 0; i < order.length; i++) {
      rows.copy(order[i], row);
      ordered.set(i, row);
    }
    return ordered;
  }

  private static void warm(IvfSearcher searcher, DenseRows queries, Effort effort) {
    float[] query = new float[queries.dimension()];
    long end = System.nanoTime() + 4_000_000_000L;
    for (int i = 0; System.nanoTime() < end; i = (i + 1) % queries.rows()) {
      queries.copy(i, query);
      searcher.search(query, K, effort, null);
    }
  }

  /** The score of the true tenth row of each query, by scoring all. */
  private static float[] groundTruth(IvfIndex index, MemoryRows rows, MemoryRows queries) {
    float[] kth = new float[queries.rows()];
    MutableRoaringBitmap all = new MutableRoaringBitmap();
    all.add(0L, rows.rows());
    int threads = Runtime.getRuntime().availableProcessors();
    java.util.stream.IntStream.range(0, threads)
        .parallel()
        .forEach(t -> {
          IvfSearcher searcher = new IvfSearcher(index, rows, AnnKernels.best());
          float[] query = new float[queries.dimension()];
          for (int i = t; i < kth.length; i += threads) {
            queries.copy(i, query);
            kth[i] = searcher.exact(query, K, all).score(K - 1);
          }
        });
    return kth;
  }

  private void measure(IvfSearcher searcher, DenseRows queries, float[] kth, Effort effort) {
    float[] query = new float[queries.dimension()];
    ThreadMXBean cpu = ManagementFactory.getThreadMXBean();
    double best = Double.MAX_VALUE;
    long scanned = 0;
    long refined = 0;
    long rescored = 0;
    long cells = 0;
    int hits = 0;
    for (int pass = 0; pass < 5; pass++) {
      scanned = 0;
      refined = 0;
      rescored = 0;
      cells = 0;
      hits = 0;
      long start = cpu.getCurrentThreadCpuTime();
      for (int i = 0; i < kth.length; i++) {
        queries.copy(i, query);
        TopRows top = searcher.search(query, K, effort, null);
        SearchCost cost = searcher.cost();
        scanned += cost.scanned();
        refined += cost.refined();
        rescored += cost.rescored();
        cells += cost.cells();
        for (int r = 0; r < top.size(); r++) {
          hits += top.score(r) <= kth[i] ? 1 : 0;
        }
      }
      best = Math.min(best, (cpu.getCurrentThreadCpuTime() - start) * 1e-3 / kth.length);
    }
    out.printf(
        Locale.ROOT,
        "probes %4d margin %.1f: recall %.4f, %7.1f us, %5.1f cells, %8.0f scanned, %6.1f refined, %6.1f rescored%n",
        effort.probes(),
        effort.margin(),
        (double) hits / K / kth.length,
        best,
        (double) cells / kth.length,
        (double) scanned / kth.length,
        (double) refined / kth.length,
        (double) rescored / kth.length);
  }
}
