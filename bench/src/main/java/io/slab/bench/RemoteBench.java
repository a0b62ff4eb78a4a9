package io.slab.bench;

import io.slab.ann.MemoryRows;
import io.slab.cache.CacheFolder;
import io.slab.cache.CachingStore;
import io.slab.filter.FilterParser;
import io.slab.index.SlabIndex;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.Environment;
import io.slab.query.SnapshotSource;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.QueryResult;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.store.Traffic;
import io.slab.testkit.DistantStore;
import io.slab.testkit.NpyMatrix;
import io.slab.vector.Workload;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Queries of an index behind a slow network: rounds, requests, bytes and time of the first query of
 * a process that has nothing in its cache, of one that comes after another query, and of one that
 * asks the same again in a new process (a new store over the same cache). Arguments: index folder,
 * queries ({@code .npy}), number of queries, milliseconds a request, MB/s of a request (0 for no
 * limit), and a file of filters, an object with {@code name} and {@code filter} a line, or {@code
 * -}. Matches carry their metadata.
 */
public final class RemoteBench {
  private static final int K = 10;

  private final PrintStream out = System.out;
  private final LocalStore local;
  private final MemoryRows asked;
  private final int queries;
  private final double millis;
  private final double bandwidth;

  private RemoteBench(String[] args) throws IOException {
    local = new LocalStore(Path.of(args[0]));
    asked = NpyMatrix.read(Path.of(args[1]));
    queries = Math.min(Integer.parseInt(args[2]), asked.rows());
    millis = Double.parseDouble(args[3]);
    bandwidth = Double.parseDouble(args[4]);
  }

  public static void main(String[] args) throws IOException {
    Map<String, String> filters = new LinkedHashMap<>();
    filters.put("none", null);
    if (!args[5].equals("-")) {
      for (String line : Files.readAllLines(Path.of(args[5]))) {
        JsonNode node = Json.parse("filter", line);
        filters.put(node.get("name").stringValue(), node.get("filter").toString());
      }
    }
    new RemoteBench(args).ask(filters);
  }

  private static Environment environment() {
    return new Environment(System::currentTimeMillis, new SplittableRandom(1));
  }

  private void ask(Map<String, String> filters) throws IOException {
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
    }
    out.printf(
        Locale.ROOT,
        "%s ms a request, %s; mean and (most) of %d queries, top %d with metadata%n",
        millis,
        bandwidth == 0 ? "no limit of bandwidth" : bandwidth + " MB/s each",
        queries,
        K);
    out.println("| filter | cache | rounds | requests | lists + gets | MB | ms |");
    out.println("|---|---|---:|---:|---:|---:|---:|");
    // The first of all queries compiles and loads; it is not among the measured.
    measure("none", null, 1, false);
    for (Map.Entry<String, String> filter : filters.entrySet()) {
      measure(filter.getKey(), filter.getValue(), queries, true);
    }
  }

  private record Cost(Traffic.Counts counts, double millis) {}

  private void measure(String name, String filter, int count, boolean print) throws IOException {
    List<Cost> cold = new ArrayList<>();
    List<Cost> warm = new ArrayList<>();
    List<Cost> other = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path cache = Files.createTempDirectory("remote-bench");
      float[] query = new float[asked.dimension()];
      asked.copy(i, query);
      cold.add(one(cache, query, filter));
      warm.add(one(cache, query, filter));
      asked.copy((i + 1) % asked.rows(), query);
      other.add(one(cache, query, filter));
      delete(cache);
    }
    if (print) {
      row(name, "cold", cold);
      row(name, "another query before", other);
      row(name, "the same query before", warm);
    }
  }

  private Cost one(Path cache, float[] query, String filter) {
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
              true,
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
        filter, cache, cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
