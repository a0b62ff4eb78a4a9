package io.slab.bench;

import io.slab.ann.MemoryRows;
import io.slab.cache.CacheFolder;
import io.slab.cache.CachingStore;
import io.slab.filter.FilterParser;
import io.slab.format.SlabInput;
import io.slab.index.SlabIndex;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorType;
import io.slab.query.SnapshotSource;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.QueryResult;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.store.Traffic;
import io.slab.testkit.DistantStore;
import io.slab.testkit.SyntheticRows;
import io.slab.vector.Workload;
import io.slab.writer.BulkRows;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Queries of an index behind a slow network: rounds, requests, bytes and time of the first query of
 * a process that has nothing in its cache, and of one that asks the same again in a new process (a
 * new store over the same cache). Arguments: {@code build <folder> <rows> <dimension>}, or {@code
 * ask <folder> <queries> <milliseconds a request> <MB/s of a request, 0 for no limit>}.
 */
public final class RemoteBench {
  private static final int K = 10;
  private static final String[] FILTERS = {
    null, "{\"lot\":{\"$lt\":500}}", "{\"lot\":{\"$lt\":10}}", "{\"lot\":7}"
  };

  private final PrintStream out = System.out;
  private final Path folder;

  private RemoteBench(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] args) throws IOException {
    RemoteBench bench = new RemoteBench(Path.of(args[1]));
    if (args[0].equals("build")) {
      bench.build(Integer.parseInt(args[2]), Integer.parseInt(args[3]));
    } else {
      bench.ask(
          Integer.parseInt(args[2]), Double.parseDouble(args[3]), Double.parseDouble(args[4]));
    }
  }

  private static Environment environment() {
    return new Environment(System::currentTimeMillis, new SplittableRandom(1));
  }

  private void build(int rows, int dimension) {
    MemoryRows vectors = SyntheticRows.standard(dimension).generate(0, rows);
    IndexSpec spec =
        new IndexSpec("remote", dimension, Metric.EUCLIDEAN, VectorType.DENSE, null, 1);
    try (SlabIndex index = SlabIndex.create(new LocalStore(folder), spec, false, environment())) {
      index.bulkLoad("").run(new Generated(vectors, 0, rows, 0), () -> false);
    }
  }

  private void ask(int queries, double millis, double bandwidth) throws IOException {
    LocalStore local = new LocalStore(folder);
    try (SlabIndex index = SlabIndex.open(local, environment());
        Snapshot snapshot = index.snapshot("")) {
      for (LiveSlab slab : snapshot.slabs()) {
        out.printf(
            Locale.ROOT,
            "slab %s: level %d, %,d rows x %d, %s, %,d bytes, hot tail %,d%n",
            slab.entry().id(),
            slab.entry().level(),
            slab.entry().rows(),
            index.spec().dimension(),
            slab.entry().algorithm(),
            slab.entry().bytes(),
            slab.entry().bytes() - slab.entry().hotOffset());
      }
      out.printf(
          Locale.ROOT,
          "%s ms a request, %s; mean and (most) of %d queries, top %d%n",
          millis,
          bandwidth == 0 ? "no limit of bandwidth" : bandwidth + " MB/s each",
          queries,
          K);
      out.println("| filter | cache | rounds | requests | lists + gets | MB | ms |");
      out.println("|---|---|---:|---:|---:|---:|---:|");
      MemoryRows asked =
          SyntheticRows.standard(index.spec().dimension()).generate(1L << 40, queries);
      // The first of all queries compiles and loads; it is not among the measured.
      measure(local, asked, 1, null, millis, bandwidth, false);
      for (String filter : FILTERS) {
        measure(local, asked, queries, filter, millis, bandwidth, true);
      }
    }
  }

  private record Cost(Traffic.Counts counts, double millis) {}

  private void measure(
      LocalStore local,
      MemoryRows asked,
      int queries,
      String filter,
      double millis,
      double bandwidth,
      boolean print)
      throws IOException {
    List<Cost> cold = new ArrayList<>();
    List<Cost> warm = new ArrayList<>();
    List<Cost> other = new ArrayList<>();
    for (int i = 0; i < queries; i++) {
      Path cache = Files.createTempDirectory("remote-bench");
      float[] query = new float[asked.dimension()];
      asked.copy(i, query);
      cold.add(one(local, cache, query, filter, millis, bandwidth));
      warm.add(one(local, cache, query, filter, millis, bandwidth));
      asked.copy((i + 1) % asked.rows(), query);
      other.add(one(local, cache, query, filter, millis, bandwidth));
      delete(cache);
    }
    if (print) {
      row(filter, "cold", cold);
      row(filter, "another query before", other);
      row(filter, "the same query before", warm);
    }
  }

  private static Cost one(
      LocalStore local, Path cache, float[] query, String filter, double millis, double bandwidth) {
    long start = System.nanoTime();
    CacheFolder folder = new CacheFolder(cache, CacheFolder.DEFAULT_SIZE);
    CachingStore store =
        new CachingStore(
            new DistantStore(local, millis, bandwidth), folder, CachingStore.DEFAULT_PARALLEL);
    Traffic.Counts before = store.traffic().counts();
    try (SlabIndex index = SlabIndex.open(store, environment(), "");
        Snapshot snapshot = index.snapshot("");
        QueryEngine engine = new QueryEngine(index.spec(), 1, Workload.LONG_RUNNING)) {
      QueryRequest request =
          new QueryRequest(
              query,
              null,
              filter == null ? null : FilterParser.parse(filter),
              K,
              false,
              false,
              0.95);
      QueryResult result = engine.query(SnapshotSource.of(snapshot), request);
      if (result.matches().isEmpty()) {
        throw new IllegalStateException("nothing matches");
      }
    }
    return new Cost(store.traffic().counts().since(before), (System.nanoTime() - start) / 1e6);
  }

  private void row(String filter, String cache, List<Cost> costs) {
    double[][] columns = {
      costs.stream().mapToDouble(c -> c.counts().rounds()).toArray(),
      costs.stream().mapToDouble(c -> c.counts().requests()).toArray(),
      costs.stream().mapToDouble(c -> c.counts().lists()).toArray(),
      costs.stream().mapToDouble(c -> c.counts().gets()).toArray(),
      costs.stream().mapToDouble(c -> c.counts().bytesRead() / 1e6).toArray(),
      costs.stream().mapToDouble(Cost::millis).toArray()
    };
    String[] cells = new String[columns.length];
    for (int i = 0; i < columns.length; i++) {
      String format = i < 4 ? "%.1f (%.0f)" : i == 4 ? "%.2f (%.2f)" : "%.0f (%.0f)";
      cells[i] =
          String.format(
              Locale.ROOT,
              format,
              Arrays.stream(columns[i]).average().orElse(0),
              Arrays.stream(columns[i]).max().orElse(0));
    }
    out.printf(
        "| %s | %s | %s | %s | %s + %s | %s | %s |%n",
        filter == null ? "none" : "`" + filter + "`",
        cache,
        cells[0],
        cells[1],
        cells[2],
        cells[3],
        cells[4],
        cells[5]);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** Rows {@code from} to {@code to} of a generated set. */
  private record Generated(MemoryRows vectors, int from, int to, long lsn)
      implements BulkRows, SlabInput {
    @Override
    public int rows() {
      return to - from;
    }

    @Override
    public long bytes() {
      return (long) rows() * (4L * vectors.dimension() + 60);
    }

    @Override
    public SlabInput part(int first, int end, long rowLsn) {
      return new Generated(vectors, from + first, from + end, rowLsn);
    }

    @Override
    public Cursor open() {
      return new Pass(this);
    }
  }

  private static final class Pass implements SlabInput.Cursor {
    private final Generated rows;
    private final float[] values;
    private int row;

    Pass(Generated rows) {
      this.rows = rows;
      this.values = new float[rows.vectors().dimension()];
      this.row = rows.from() - 1;
    }

    @Override
    public boolean next() {
      return ++row < rows.to();
    }

    @Override
    public byte[] id() {
      return Utf8.bytes(String.format(Locale.ROOT, "record-%09d", row));
    }

    @Override
    public long lsn() {
      return rows.lsn();
    }

    @Override
    public float[] values() {
      rows.vectors().copy(row, values);
      return values;
    }

    @Override
    public SparseVector sparse() {
      return null;
    }

    @Override
    public Metadata metadata() {
      int lot = new SplittableRandom(row).nextInt(1000);
      return Metadata.of(
          Map.of(
              "lot", new MetaValue.Num(lot),
              "title", new MetaValue.Str("the title of record " + row)));
    }
  }
}
