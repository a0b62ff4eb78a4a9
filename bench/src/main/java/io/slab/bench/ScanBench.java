package io.slab.bench;

import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.SearchPart;
import io.slab.search.SearchSource;
import io.slab.store.LocalStore;
import io.slab.vector.Workload;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * How near exact search comes to the speed of memory: whole queries (checksums, scan, collection,
 * rescoring, merge) beside a plain read of the same mapped bytes. Every figure is the median of
 * several rounds; ratios are taken within a round, so that a busy machine disturbs both sides
 * alike. Arguments: folder, mebibytes per file, rounds.
 */
public final class ScanBench {
  private static final int[] DIMENSIONS = {128, 784, 1536};
  private static final int TOP_K = 10;

  private final LocalStore store;
  private final long bytes;
  private final int rounds;
  private final PrintStream out;

  private ScanBench(LocalStore store, long bytes, int rounds, PrintStream out) {
    this.store = store;
    this.bytes = bytes;
    this.rounds = rounds;
    this.out = out;
  }

  private record Source(List<SearchPart> parts, List<VectorRecord> memtable)
      implements SearchSource {}

  private interface Work {
    void run() throws InterruptedException;
  }

  public static void main(String[] args) throws InterruptedException {
    Path folder = Path.of(args.length > 0 ? args[0] : "target/bench");
    long mebibytes = args.length > 1 ? Long.parseLong(args[1]) : 768;
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 9;
    new ScanBench(new LocalStore(folder), mebibytes << 20, rounds, System.out).run();
  }

  private void run() throws InterruptedException {
    out.printf(
        Locale.ROOT,
        "exact search, top %d, file of %d MiB, median of %d rounds, %d processors%n",
        TOP_K,
        bytes >> 20,
        rounds,
        Runtime.getRuntime().availableProcessors());
    for (int dimension : DIMENSIONS) {
      String name = BenchSlab.name(dimension, bytes);
      BenchSlab.writeIfMissing(store, name, dimension, bytes);
      for (Metric metric : Metric.values()) {
        try (BenchSlab slab = BenchSlab.open(store, name, dimension, metric)) {
          measure(name, slab, metric);
        }
      }
    }
  }

  private void measure(String name, BenchSlab slab, Metric metric) throws InterruptedException {
    IndexSpec spec = new IndexSpec("bench", slab.dimension(), metric, VectorType.DENSE, null, 0);
    List<QueryRequest> queries = queries(slab.dimension(), 64);
    Source source = new Source(List.of(new SearchPart(slab, null)), List.of());
    out.printf(
        Locale.ROOT,
        "%n%d dimensions, %s, %,d rows%n",
        slab.dimension(),
        metric.label(),
        slab.rows());
    try (QueryEngine one = new QueryEngine(spec, 1);
        QueryEngine two = new QueryEngine(spec, 2);
        QueryEngine scalar = new QueryEngine(spec, 1, Workload.ONE_SHOT)) {
      for (int i = 0; i < 8; i++) {
        one.query(source, queries.get(i));
        two.query(source, queries.get(i));
        PlainRead.run(slab.bytes(), 1 + i % 2);
      }
      againstPlainRead(slab, 1, () -> one.query(source, queries.getFirst()));
      againstPlainRead(slab, 2, () -> two.query(source, queries.getFirst()));
      if (metric == Metric.COSINE) {
        double first = firstTouch(name, spec, one, queries.getFirst());
        out.printf(Locale.ROOT, "  first touch, checksums verified   %7.1f ms%n", first * 1e3);
      }
      double plain = median(() -> scalar.query(source, queries.getFirst()), Math.min(rounds, 5));
      out.printf(
          Locale.ROOT,
          "  scalar kernel, 1 thread           %7.1f ms, %.1f GB/s%n",
          plain * 1e3,
          slab.bytes().byteSize() / plain / 1e9);
      for (int size : new int[] {1, 16, 64}) {
        List<QueryRequest> batch = queries.subList(0, size);
        one.batch(source, batch);
        double seconds = median(() -> one.batch(source, batch), 3);
        out.printf(
            Locale.ROOT,
            "  batch of %2d, 1 thread             %7.1f ms, %.2f ms a query%n",
            size,
            seconds * 1e3,
            seconds * 1e3 / size);
      }
    }
  }

  private void againstPlainRead(BenchSlab slab, int threads, Work scan)
      throws InterruptedException {
    double size = slab.bytes().byteSize();
    double[] plain = new double[rounds];
    double[] searched = new double[rounds];
    double[] ratios = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      plain[round] = seconds(() -> PlainRead.run(slab.bytes(), threads));
      searched[round] = seconds(scan);
      ratios[round] = searched[round] / plain[round];
    }
    out.printf(
        Locale.ROOT,
        "  %d thread%s plain read %5.1f GB/s, search %5.1f GB/s (%.1f ms), time ratio %.2f%n",
        threads,
        threads == 1 ? ": " : "s:",
        size / middle(plain) / 1e9,
        size / middle(searched) / 1e9,
        middle(searched) * 1e3,
        middle(ratios));
  }

  /**
   * A query on a file that was only just opened: page faults and checksums of every chunk included.
   */
  private double firstTouch(String name, IndexSpec spec, QueryEngine engine, QueryRequest query)
      throws InterruptedException {
    double[] times = new double[Math.min(rounds, 5)];
    for (int i = 0; i < times.length; i++) {
      try (BenchSlab fresh = BenchSlab.open(store, name, spec.dimension(), spec.metric())) {
        Source source = new Source(List.of(new SearchPart(fresh, null)), List.of());
        times[i] = seconds(() -> engine.query(source, query));
      }
    }
    return middle(times);
  }

  private static List<QueryRequest> queries(int dimension, int count) {
    SplittableRandom random = new SplittableRandom(42);
    List<QueryRequest> queries = new ArrayList<>();
    for (int q = 0; q < count; q++) {
      float[] vector = new float[dimension];
      for (int i = 0; i < dimension; i++) {
        vector[i] = random.nextInt() * 0x1p-31f;
      }
      queries.add(new QueryRequest(vector, null, null, TOP_K, false, false));
    }
    return queries;
  }

  private static double median(Work work, int times) throws InterruptedException {
    double[] seconds = new double[times];
    for (int i = 0; i < times; i++) {
      seconds[i] = seconds(work);
    }
    return middle(seconds);
  }

  private static double seconds(Work work) throws InterruptedException {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private static double middle(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
