package io.slab.bench;

import io.slab.ann.MemoryRows;
import io.slab.filter.Filter;
import io.slab.filter.FilterParser;
import io.slab.index.SlabIndex;
import io.slab.measure.Machine;
import io.slab.model.Environment;
import io.slab.query.SnapshotSource;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.QueryResult;
import io.slab.search.SearchSource;
import io.slab.search.SlabProfile;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.testkit.NpyMatrix;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What filters cost beside no filter, in turn in one process, one thread: a filter that comes
 * again, and one that the process never saw before. Arguments: index folder, data folder of {@code
 * bench/make_data.py}, rounds. Prints a Markdown table of medians over the rounds.
 */
public final class FilterBench {
  private static final int K = 10;
  private static final int QUERIES = 200;

  /** Rounds that only warm up. */
  private static final int WARM_ROUNDS = 6;

  private record Case(String name, String field, int value) {}

  private static final List<Case> CASES =
      List.of(
          new Case("none", null, 0),
          new Case("label 3 (10 %, goes with the vectors)", "label", 3),
          new Case("50 % at random", "r50", 1),
          new Case("10 %", "r10", 1),
          new Case("1 %", "r1", 1),
          new Case("0.1 %", "r01", 1));

  private final QueryEngine engine;
  private final SearchSource source;
  private final List<float[]> queries = new ArrayList<>();

  /** Makes filters that were not asked before: a value that no record has. */
  private int fresh = 1_000;

  private FilterBench(QueryEngine engine, SearchSource source, MemoryRows vectors) {
    this.engine = engine;
    this.source = source;
    for (int i = 0; i < Math.min(QUERIES, vectors.rows()); i++) {
      float[] vector = new float[vectors.dimension()];
      vectors.copy(i, vector);
      queries.add(vector);
    }
  }

  public static void main(String[] args) throws IOException {
    MemoryRows vectors = NpyMatrix.read(Path.of(args[1]).resolve("queries.npy"));
    try (SlabIndex index = SlabIndex.open(new LocalStore(Path.of(args[0])), Environment.system());
        Snapshot snapshot = index.snapshot("");
        QueryEngine engine = new QueryEngine(index.spec(), 1)) {
      new FilterBench(engine, SnapshotSource.of(snapshot), vectors)
          .run(Integer.parseInt(args[2]), System.out);
    }
  }

  private void run(int rounds, PrintStream out) {
    double[][] again = new double[CASES.size()][rounds];
    double[][] first = new double[CASES.size()][rounds];
    SlabProfile[] last = new SlabProfile[CASES.size()];
    for (int round = -WARM_ROUNDS; round < rounds; round++) {
      for (int i = 0; i < CASES.size(); i++) {
        Case one = CASES.get(i);
        Filter filter = one.field() == null ? null : filter(one, one.value());
        double known = micros(filter, one, false, last, i);
        double unknown = one.field() == null ? known : micros(null, one, true, last, i);
        if (round >= 0) {
          again[i][round] = known;
          first[i][round] = unknown;
        }
      }
    }
    out.println("| filter | how | again, us | to none | first time, us |");
    out.println("|---|---|---:|---:|---:|");
    for (int i = 0; i < CASES.size(); i++) {
      out.printf(
          Locale.ROOT,
          "| %s | %s | %.0f | %.2f | %.0f |%n",
          CASES.get(i).name(),
          last[i].strategy().name().toLowerCase(Locale.ROOT),
          median(again[i]),
          median(again[i]) / median(again[0]),
          median(first[i]));
    }
  }

  private Filter filter(Case one, int other) {
    return FilterParser.parse(
        "{\"" + one.field() + "\":{\"$in\":[" + one.value() + "," + other + "]}}");
  }

  /** Mean CPU time of a query. */
  private double micros(Filter filter, Case one, boolean isFirst, SlabProfile[] last, int place) {
    List<QueryRequest> requests = new ArrayList<>();
    for (float[] query : queries) {
      Filter asked = isFirst ? filter(one, fresh++) : filter;
      requests.add(
          new QueryRequest(query, null, asked, K, false, false, QueryRequest.DEFAULT_RECALL));
    }
    QueryResult result = null;
    long start = Machine.threadCpuNanos();
    for (QueryRequest request : requests) {
      result = engine.query(source, request);
    }
    long nanos = Machine.threadCpuNanos() - start;
    last[place] = result.profile().slabs().getFirst();
    return nanos / 1e3 / queries.size();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
