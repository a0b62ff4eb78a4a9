package io.slab.bench;

import io.slab.ann.MemoryRows;
import io.slab.filter.Filter;
import io.slab.filter.FilterParser;
import io.slab.format.ListInput;
import io.slab.format.SlabInput;
import io.slab.index.SlabIndex;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.namespace.LevelRules;
import io.slab.query.SnapshotSource;
import io.slab.search.Match;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.QueryResult;
import io.slab.search.SearchSource;
import io.slab.search.SlabProfile;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.vector.CanonicalScore;
import io.slab.vector.Workload;
import io.slab.writer.BulkRows;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Whether the recall that a query asks for is the recall that it gets, averaged over queries that
 * no index was measured with: rows of the set that are left out of the index. Three metrics, three
 * targets, one slab and ten, filters that have nothing to do with the vectors and filters that
 * divide the space. Arguments: a folder for the indexes, then sets ({@link RecallSets}). Prints a
 * Markdown table with a line for each metric, number of slabs and filter.
 */
public final class RecallBench {
  private static final int K = 10;
  private static final int QUERIES = 1_000;
  private static final int BATCH = 50;
  private static final int REGIONS = 10;
  private static final long SEED = 77;
  private static final double[] TARGETS = {0.9, 0.95, 0.99};

  private static final Map<String, String> FILTERS = new LinkedHashMap<>();

  static {
    FILTERS.put("none", null);
    FILTERS.put("90 % at random", "{\"lot\":{\"$ne\":3}}");
    FILTERS.put("50 % at random", "{\"lot\":{\"$lt\":5}}");
    FILTERS.put("10 % at random", "{\"lot\":3}");
    FILTERS.put("1 % at random", "{\"one\":3}");
    FILTERS.put("a region", "{\"region\":3}");
    FILTERS.put("all but a region", "{\"region\":{\"$ne\":3}}");
    FILTERS.put("a region or 1 %", "{\"$or\":[{\"region\":3},{\"one\":3}]}");
  }

  private final Path folder;
  private final PrintStream out;
  private int cases;
  private int below;
  private double over;

  private RecallBench(Path folder, PrintStream out) {
    this.folder = folder;
    this.out = out;
  }

  public static void main(String[] args) throws IOException {
    RecallBench bench = new RecallBench(Path.of(args[0]), System.out);
    for (int i = 1; i < args.length; i++) {
      bench.set(args[i]);
    }
    System.out.printf(
        Locale.ROOT,
        "%n%d cases, %d more than three standard errors below their target; on average %.4f above%n",
        bench.cases,
        bench.below,
        bench.over / bench.cases);
  }

  private void set(String name) throws IOException {
    MemoryRows all = RecallSets.of(name);
    int stride = Math.max(2, all.rows() / QUERIES);
    List<float[]> queries = new ArrayList<>();
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < all.rows(); i++) {
      float[] row = new float[all.dimension()];
      all.copy(i, row);
      (i % stride == stride / 2 && queries.size() < QUERIES ? queries : rows).add(row);
    }
    out.printf("%n%s: %d rows, %d queries%n%n", name, rows.size(), queries.size());
    out.println("| metric | slabs | filter | rows | 0.90 | 0.95 | 0.99 | compared at 0.95 |");
    out.println("|---|---:|---|---:|---:|---:|---:|---:|");
    for (Metric metric : Metric.values()) {
      List<VectorRecord> records = records(rows, metric);
      for (int slabs : new int[] {1, 10}) {
        measure(metric, slabs, records, queries);
      }
    }
  }

  private static List<VectorRecord> records(List<float[]> rows, Metric metric) {
    SplittableRandom random = new SplittableRandom(SEED);
    float[][] anchors = new float[REGIONS][];
    for (int i = 0; i < REGIONS; i++) {
      anchors[i] = rows.get(random.nextInt(rows.size()));
    }
    List<VectorRecord> records = new ArrayList<>();
    for (float[] row : rows) {
      Map<String, MetaValue> fields =
          Map.of(
              "lot", new MetaValue.Num(random.nextInt(10)),
              "one", new MetaValue.Num(random.nextInt(100)),
              "region", new MetaValue.Num(nearest(anchors, row)));
      String id = String.format("r%07d", records.size());
      if (metric != Metric.COSINE || CanonicalScore.dot(row, row) > 0) {
        records.add(new VectorRecord(id, row, null, Metadata.of(fields)));
      }
    }
    return records;
  }

  private static int nearest(float[][] anchors, float[] row) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < anchors.length; i++) {
      double distance = CanonicalScore.squaredDistance(row, anchors[i]);
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    return best;
  }

  private record Rows(List<VectorRecord> records, long bytes) implements BulkRows {
    @Override
    public int rows() {
      return records.size();
    }

    @Override
    public SlabInput part(int from, int to, long lsn) {
      return ListInput.of(
          records.subList(from, to).stream().map(r -> ListInput.Row.of(r, lsn)).toList());
    }
  }

  private void measure(Metric metric, int slabs, List<VectorRecord> records, List<float[]> queries)
      throws IOException {
    int dimension = queries.getFirst().length;
    IndexSpec spec = new IndexSpec("recall", dimension, metric, VectorType.DENSE, null, 1);
    Path place = Files.createTempDirectory(folder, "recall");
    try (SlabIndex index =
        SlabIndex.create(new LocalStore(place), spec, false, Environment.system())) {
      long bytes = 4L * dimension * records.size();
      index.createNamespace("");
      index.configure("", Map.of(LevelRules.MAX_BYTES, bytes / slabs + 1));
      index.bulkLoad("").run(new Rows(records, bytes), () -> false);
      try (Snapshot snapshot = index.snapshot("");
          QueryEngine engine = new QueryEngine(spec, 1, Workload.LONG_RUNNING)) {
        SearchSource source = SnapshotSource.of(snapshot);
        for (Map.Entry<String, String> filter : FILTERS.entrySet()) {
          out.print("| " + metric.name().toLowerCase(Locale.ROOT));
          out.print(" | " + snapshot.slabs().size() + " | " + filter.getKey() + " | ");
          line(engine, source, filter.getValue(), queries);
        }
      }
    }
  }

  private void line(QueryEngine engine, SearchSource source, String text, List<float[]> queries) {
    Filter filter = text == null ? null : FilterParser.parse(text);
    double[][] recall = new double[TARGETS.length][queries.size()];
    long compared = 0;
    long allowed = 0;
    for (int from = 0; from < queries.size(); from += BATCH) {
      List<float[]> some = queries.subList(from, Math.min(queries.size(), from + BATCH));
      List<QueryResult> exact = engine.batch(source, requests(some, filter, 1));
      for (int t = 0; t < TARGETS.length; t++) {
        for (int q = 0; q < some.size(); q++) {
          QueryRequest request = requests(some.subList(q, q + 1), filter, TARGETS[t]).getFirst();
          QueryResult found = engine.query(source, request);
          recall[t][from + q] = recall(exact.get(q).matches(), found.matches());
          if (TARGETS[t] == 0.95) {
            for (SlabProfile slab : found.profile().slabs()) {
              compared += slab.rowsScored();
              allowed += slab.matchingRows();
            }
          }
        }
      }
    }
    StringBuilder line = new StringBuilder(allowed / queries.size() + " | ");
    for (int t = 0; t < TARGETS.length; t++) {
      line.append(cell(recall[t], TARGETS[t])).append(" | ");
    }
    out.println(line.append(compared / queries.size()).append(" |"));
  }

  private static List<QueryRequest> requests(List<float[]> some, Filter filter, double recall) {
    return some.stream()
        .map(q -> new QueryRequest(q, null, filter, K, false, false, recall))
        .toList();
  }

  /** By score, so that equal ones count for each other. */
  private static double recall(List<Match> exact, List<Match> found) {
    if (exact.isEmpty()) {
      return 1;
    }
    int hits = 0;
    for (int i = 0; i < exact.size(); i++) {
      float wanted = exact.get(exact.size() - 1).score();
      boolean isNear =
          exact.getFirst().score() >= wanted
              ? found.get(i).score() >= wanted
              : found.get(i).score() <= wanted;
      hits += isNear ? 1 : 0;
    }
    return (double) hits / exact.size();
  }

  /** The mean, and a mark when it lies more than three standard errors below. */
  private String cell(double[] recall, double target) {
    double sum = 0;
    double squares = 0;
    for (double one : recall) {
      sum += one;
      squares += one * one;
    }
    double mean = sum / recall.length;
    double error = Math.sqrt(Math.max(0, squares / recall.length - mean * mean) / recall.length);
    cases++;
    over += mean - target;
    boolean isBelow = mean < target - 3 * error;
    below += isBelow ? 1 : 0;
    return String.format(Locale.ROOT, isBelow ? "**%.4f**" : "%.4f", mean);
  }
}
