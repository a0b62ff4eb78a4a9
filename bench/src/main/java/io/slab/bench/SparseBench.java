package io.slab.bench;

import io.slab.format.SlabBuilder;
import io.slab.format.SlabReader;
import io.slab.format.SlabRequest;
import io.slab.format.SlabView;
import io.slab.format.file.SectionKind;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.search.Match;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.QueryResult;
import io.slab.search.SearchPart;
import io.slab.search.SearchSource;
import io.slab.search.SlabProfile;
import io.slab.store.LocalStore;
import io.slab.store.ObjectUpload;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Sparse and hybrid search through the inverted index beside the same search over all rows; answers
 * are compared as a whole and must be equal. Beside both a plain loop over postings in memory, in
 * single precision and without a bound, which knows nothing of checks, ids or deletes. One thread,
 * warm, processor time, rounds in turn. Arguments: folder, rows, queries, dense dimension of the
 * hybrid set, rounds.
 */
public final class SparseBench {
  private static final int[] TOP_KS = {10, 100};
  private static final int SLOW_QUERIES = 20;

  private final LocalStore store;
  private final int rows;
  private final int queries;
  private final int rounds;
  private final PrintStream out;

  private SparseBench(LocalStore store, int rows, int queries, int rounds, PrintStream out) {
    this.store = store;
    this.rows = rows;
    this.queries = queries;
    this.rounds = rounds;
    this.out = out;
  }

  private record Source(List<SearchPart> parts, List<VectorRecord> memtable)
      implements SearchSource {
    static Source of(SlabView view, MutableRoaringBitmap dead) {
      return new Source(List.of(new SearchPart(view, dead)), List.of());
    }
  }

  public static void main(String[] args) {
    Path folder = Path.of(args.length > 0 ? args[0] : "target/bench");
    int rows = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
    int queries = args.length > 2 ? Integer.parseInt(args[2]) : 300;
    int dimension = args.length > 3 ? Integer.parseInt(args[3]) : 384;
    int rounds = args.length > 4 ? Integer.parseInt(args[4]) : 3;
    SparseBench bench = new SparseBench(new LocalStore(folder), rows, queries, rounds, System.out);
    bench.run(new IndexSpec("bench", 0, Metric.DOTPRODUCT, VectorType.SPARSE, null, 0));
    if (dimension > 0) {
      bench.run(new IndexSpec("bench", dimension, Metric.DOTPRODUCT, VectorType.HYBRID, null, 0));
    }
  }

  private void run(IndexSpec spec) {
    SparseSet set = new SparseSet(rows, spec.dimension(), 42);
    String name = "sparse-" + rows + "-" + spec.dimension() + "-" + System.nanoTime() + ".slab";
    long start = System.nanoTime();
    try (ObjectUpload upload = store.upload(name)) {
      SlabBuilder.build(SlabRequest.flush(new Ulid(1, 1), 0, spec, ""), set, upload);
      upload.commit();
    }
    double seconds = (System.nanoTime() - start) * 1e-9;
    try (SlabReader slab = SlabReader.open(store.open(name))) {
      long dictionary = slab.file().require(SectionKind.SPARSE_DICT).length();
      long lists = slab.file().require(SectionKind.SPARSE_POSTINGS).length();
      long postings = slab.file().require(SectionKind.SPARSE_POSTINGS).entry().items();
      print(
          "%s, %d rows, dimension %d: %d postings (%.1f a row), built in %.1f s with the set;"
              + " dictionary %d dimensions, %.2f bytes per posting, windows of %d rows",
          spec.vectorType(),
          rows,
          spec.dimension(),
          postings,
          (double) postings / rows,
          seconds,
          dictionary / 32,
          (double) (dictionary + lists) / postings,
          slab.sparseIndex().windowRows());
      try (QueryEngine engine = new QueryEngine(spec, 1)) {
        measure(engine, set, slab);
      }
    } finally {
      store.delete(name);
    }
  }

  private void measure(QueryEngine engine, SparseSet set, SlabView slab) {
    MutableRoaringBitmap half = new MutableRoaringBitmap();
    for (int row = 0; row < rows; row += 2) {
      half.add(row);
    }
    for (int k : TOP_KS) {
      compare("top " + k, engine, set, slab, null, k);
    }
    compare("top 10, half of the rows dead", engine, set, slab, half, 10);
  }

  private void compare(
      String what,
      QueryEngine engine,
      SparseSet set,
      SlabView slab,
      MutableRoaringBitmap dead,
      int k) {
    Source indexed = Source.of(slab, dead);
    Source plain = Source.of(new WithoutSparseIndex(slab), dead);
    List<QueryRequest> requests = requests(set, slab.dimension() > 0, k);
    double[] fast = new double[queries];
    double[] loop = new double[queries];
    PlainPostings postings = slab.dimension() == 0 && dead == null ? plain(set) : null;
    long scored = 0;
    long bytes = 0;
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < queries && postings != null; i++) {
        long start = cpu();
        postings.nearest(requests.get(i).sparse(), k);
        loop[i] = (cpu() - start) * 1e-3;
      }
      scored = 0;
      bytes = 0;
      for (int i = 0; i < queries; i++) {
        long start = cpu();
        QueryResult result = engine.query(indexed, requests.get(i));
        fast[i] = (cpu() - start) * 1e-3;
        SlabProfile profile = result.profile().slabs().getFirst();
        scored += profile.rowsScored();
        bytes += profile.bytesRead();
      }
    }
    double[] slow = slow(engine, plain, indexed, requests);
    print(
        "  %-32s index %8.0f us (median %.0f, p99 %.0f)  loop %.0f us  rows %9.0f us  ratio %.1f"
            + "  rows left out %.1f %%  %.2f MB read a query",
        what,
        mean(fast),
        quantile(fast, 0.5),
        quantile(fast, 0.99),
        mean(loop),
        mean(slow),
        mean(slow) / mean(fast),
        100 - 100.0 * scored / ((double) queries * rows),
        bytes * 1e-6 / queries);
  }

  private List<QueryRequest> requests(SparseSet set, boolean hybrid, int k) {
    List<QueryRequest> requests = new ArrayList<>();
    for (int i = 0; i < queries; i++) {
      float[] dense = hybrid ? set.dense(-1L - i) : null;
      requests.add(new QueryRequest(dense, set.query(i), null, k, false, false));
    }
    return requests;
  }

  /** Times without the index, in microseconds; the answers must be the same as with it. */
  private double[] slow(
      QueryEngine engine, Source plain, Source indexed, List<QueryRequest> requests) {
    double[] slow = new double[Math.min(SLOW_QUERIES, queries)];
    for (int i = 0; i < slow.length; i++) {
      List<Match> expected = engine.query(plain, requests.get(i)).matches();
      long start = cpu();
      engine.query(plain, requests.get(i));
      slow[i] = (cpu() - start) * 1e-3;
      if (!expected.equals(engine.query(indexed, requests.get(i)).matches())) {
        throw new IllegalStateException("answers differ for query " + i);
      }
    }
    return slow;
  }

  private PlainPostings plain(SparseSet set) {
    PlainPostings postings = new PlainPostings(rows);
    for (int row = 0; row < rows; row++) {
      postings.add(row, set.row(row));
    }
    return postings;
  }

  private void print(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }

  /** Time of this thread on a processor, which other processes disturb least. */
  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }

  private static double quantile(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1L, Math.round(share * sorted.length))];
  }
}
