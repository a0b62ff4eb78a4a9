package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.cache.CacheFolder;
import io.slab.cache.CachingStore;
import io.slab.filter.FilterParser;
import io.slab.format.ListInput;
import io.slab.format.SlabInput;
import io.slab.index.SlabIndex;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.query.SnapshotSource;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.QueryResult;
import io.slab.search.SlabProfile;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.store.ObjectStore;
import io.slab.store.Together;
import io.slab.store.Traffic;
import io.slab.store.TrafficTrace;
import io.slab.testkit.DistantStore;
import io.slab.vector.Workload;
import io.slab.writer.BulkRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What fixed queries cost, to the byte: requests, bytes, codes or rows that were compared, and rows
 * that were scored exactly. Requests are made one after the other: of two at once, both may fetch
 * what one of them would. The numbers stand in {@code counted-queries.txt}; a change that is meant
 * to move them writes them anew with {@code -Dslab.counts.write=true}, which prints them as well,
 * and its commit shows what it moved.
 */
class CountedQueriesIT {
  private static final Path TABLE =
      Path.of(System.getProperty("slab.root"), "cli/src/test/resources/counted-queries.txt");
  private static final boolean WRITE = Boolean.getBoolean("slab.counts.write");
  private static final String FACTS = "facts";
  private static final int QUERIES = 5;
  private static final int TOP_K = 10;

  @TempDir Path folder;

  /** What requests were made for. */
  private final Set<String> purposes = new TreeSet<>();

  private record Filtered(String name, String filter) {}

  /** Records in the order of their ids. */
  private record Rows(List<VectorRecord> records) implements BulkRows {
    @Override
    public int rows() {
      return records.size();
    }

    @Override
    public long bytes() {
      return records.size();
    }

    @Override
    public SlabInput part(int from, int to, long lsn) {
      return ListInput.of(
          records.subList(from, to).stream().map(r -> ListInput.Row.of(r, lsn)).toList());
    }
  }

  private static Environment environment() {
    return new Environment(() -> 1_800_000_000_000L, new SplittableRandom(1));
  }

  /** Asks each question with an empty cache, then the first one once more. */
  private List<String> count(String set, List<float[]> queries, List<Filtered> filters) {
    List<String> lines = new ArrayList<>();
    for (Filtered filtered : filters) {
      long[] sums = new long[4];
      for (float[] query : queries) {
        try (CachingStore store = store(CacheFolder.none())) {
          Together.inOrder(() -> add(sums, store, query, filtered.filter));
        }
      }
      lines.add(line(set + ", " + filtered.name, sums));
    }
    CacheFolder kept = new CacheFolder(folder.resolve("cache-" + set), 1L << 30);
    for (String when : List.of("cold, kept", "again")) {
      long[] sums = new long[4];
      try (CachingStore store = store(kept)) {
        Together.inOrder(() -> add(sums, store, queries.getFirst(), null));
      }
      lines.add(line(set + ", one query " + when, sums));
    }
    return lines;
  }

  private CachingStore store(CacheFolder cache) {
    ObjectStore far = new DistantStore(new LocalStore(folder.resolve("index")), 0, 0);
    return new CachingStore(far, cache, CachingStore.DEFAULT_PARALLEL);
  }

  private void add(long[] sums, CachingStore store, float[] query, String filter) {
    try (TrafficTrace trace = Traffic.begin();
        SlabIndex index = SlabIndex.open(store, environment(), "");
        Snapshot snapshot = index.snapshot("");
        QueryEngine engine = new QueryEngine(index.spec(), 1, Workload.ONE_SHOT)) {
      QueryRequest request =
          new QueryRequest(
              query,
              null,
              filter == null ? null : FilterParser.parse(filter),
              TOP_K,
              false,
              true,
              QueryRequest.DEFAULT_RECALL);
      QueryResult result = engine.query(SnapshotSource.of(snapshot), request);
      Traffic.Counts counts = store.traffic().counts();
      sums[0] += counts.requests();
      sums[1] += counts.bytesRead();
      for (SlabProfile slab : result.profile().slabs()) {
        sums[2] += slab.rowsScored();
        sums[3] += slab.rowsRescored();
      }
      // What --profile-query and explain say.
      assertEquals(counts.requests(), trace.counts().requests());
      assertEquals(counts.bytesRead(), trace.counts().bytesRead());
      trace.steps().forEach(step -> purposes.add(step.what()));
    }
  }

  private static String line(String key, long[] sums) {
    return key
        + ": "
        + sums[0]
        + " requests, "
        + sums[1]
        + " bytes, "
        + sums[2]
        + " compared, "
        + sums[3]
        + " scored exactly";
  }

  /** Compares with the lines of a set in the table, or puts them there. */
  private static void check(String set, List<String> lines) throws IOException {
    List<String> table = Files.readAllLines(TABLE);
    if (WRITE) {
      Stream<String> others = table.stream().filter(line -> !line.startsWith(set + ","));
      Files.write(TABLE, Stream.concat(others, lines.stream()).toList());
      lines.forEach(System.out::println);
      return;
    }
    assertEquals(
        String.join("\n", table.stream().filter(line -> line.startsWith(set + ",")).toList()),
        String.join("\n", lines),
        "what queries of " + set + " cost; -Dslab.counts.write=true writes the table anew");
  }

  private void build(IndexSpec spec, List<VectorRecord> records) {
    List<VectorRecord> sorted = new ArrayList<>(records);
    sorted.sort(Comparator.comparing(VectorRecord::id, Utf8.ORDER));
    LocalStore store = new LocalStore(folder.resolve("index"));
    try (SlabIndex index = SlabIndex.create(store, spec, false, environment())) {
      index.bulkLoad("").run(new Rows(sorted), () -> false);
    }
  }

  @Test
  void realTextEmbeddingsCostWhatTheTableSays() throws IOException {
    RealData notes = RealData.notes();
    List<VectorRecord> records = new ArrayList<>();
    notes.records(records::add);
    int dimension = records.getFirst().values().length;
    build(new IndexSpec("n", dimension, Metric.COSINE, VectorType.DENSE, null, 1), records);
    List<Filtered> filters = new ArrayList<>();
    for (RealData.Case one : notes.cases()) {
      filters.add(new Filtered(one.name() == null ? "no filter" : one.name(), one.filter()));
    }
    check("notes-384", count("notes-384", notes.queries(QUERIES), filters));
    Set<String> all =
        Set.of("index", "settings", "manifest", "log", "head", "filter", "lists", "rows");
    assertTrue(purposes.containsAll(all), purposes.toString());
  }

  /** The small set that everybody has. */
  @Test
  void theSamplesCostWhatTheTableSays() throws IOException {
    List<VectorRecord> records = new ArrayList<>();
    List<float[]> queries = new ArrayList<>();
    Path samples = Path.of(System.getProperty("slab.root"), "samples");
    for (String line : Files.readAllLines(samples.resolve("facts.jsonl"))) {
      JsonNode json = Json.parse("facts.jsonl", line);
      records.add(RealData.record(json, floats(json.get("values"))));
    }
    for (int i = 0; i < QUERIES; i++) {
      queries.add(records.get(80 * i).values());
    }
    int dimension = queries.getFirst().length;
    build(new IndexSpec("f", dimension, Metric.COSINE, VectorType.DENSE, null, 1), records);
    List<Filtered> filters =
        List.of(new Filtered("no filter", null), new Filtered("books", "{\"kind\":\"book\"}"));
    check(FACTS, count(FACTS, queries, filters));
  }

  private static float[] floats(JsonNode values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values.get(i).doubleValue();
    }
    return floats;
  }
}
