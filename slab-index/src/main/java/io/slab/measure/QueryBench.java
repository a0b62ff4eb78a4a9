package io.slab.measure;

import io.slab.model.Ulid;
import io.slab.search.Match;
import io.slab.search.QueryEngine;
import io.slab.search.QueryProfile;
import io.slab.search.QueryRequest;
import io.slab.search.QueryResult;
import io.slab.search.SearchSource;
import io.slab.search.SlabProfile;
import io.slab.search.Strategy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * Asks the same queries in one process until it is in steady state, and then measures. One thread
 * asks; the engine uses as many as it has. Runs once.
 */
public final class QueryBench {
  private final QueryEngine engine;
  private final SearchSource source;
  private final List<QueryRequest> requests;
  private final BenchPlan plan;
  private final LongConsumer progress;
  private final int[] order;
  private final List<List<Match>> answers;
  private final Map<Ulid, Map<Strategy, Long>> strategies = new LinkedHashMap<>();
  private long[] calls = new long[1024];
  private int callCount;
  private long nanos;
  private long queries;
  private long bytesRead;
  private long requestsMade;
  private long cellsScanned;
  private long rowsScored;
  private long rowsRescored;
  private String kernel;

  /**
   * @param requests at least one
   * @param progress told how many queries were asked, warm-up included, after each call
   */
  public QueryBench(
      QueryEngine engine,
      SearchSource source,
      List<QueryRequest> requests,
      BenchPlan plan,
      LongConsumer progress) {
    this.engine = engine;
    this.source = source;
    this.requests = requests;
    this.plan = plan;
    this.progress = progress;
    this.order = order(requests.size(), plan.seed());
    this.answers = new ArrayList<>(Collections.nCopies(requests.size(), null));
  }

  private static int[] order(int count, Long seed) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
    if (seed != null) {
      Collections.shuffle(order, new Random(seed));
    }
    return order.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Warms up and measures. */
  public BenchReport run() {
    long warm = 0;
    while (warm < plan.warmup()) {
      int[] block = block(warm, plan.warmup() - warm);
      engine.batch(source, Arrays.stream(block).mapToObj(requests::get).toList());
      warm += block.length;
      progress.accept(warm);
    }
    long cpu = Machine.cpuNanos();
    long own = Machine.threadCpuNanos();
    long most = plan.maxNanos() > 0 ? Long.MAX_VALUE : (long) plan.passes() * order.length;
    while (queries < most && (plan.maxNanos() == 0 || nanos < plan.maxNanos())) {
      call(block(queries, most - queries));
      progress.accept(warm + queries);
    }
    long[] sorted = Arrays.copyOf(calls, callCount);
    Arrays.sort(sorted);
    return new BenchReport(
        queries,
        warm,
        nanos,
        Machine.cpuNanos() - cpu,
        Machine.threadCpuNanos() - own,
        sorted,
        bytesRead,
        requestsMade,
        cellsScanned,
        rowsScored,
        rowsRescored,
        kernel,
        strategies,
        answers);
  }

  /** The next queries after so many, to the end of the pass at most. */
  private int[] block(long asked, long most) {
    int from = (int) (asked % order.length);
    int size = (int) Math.min(Math.min(plan.batch(), most), order.length - from);
    return Arrays.copyOfRange(order, from, from + size);
  }

  private void call(int[] block) {
    List<QueryRequest> batch = Arrays.stream(block).mapToObj(requests::get).toList();
    long start = System.nanoTime();
    List<QueryResult> results = engine.batch(source, batch);
    long took = System.nanoTime() - start;
    if (callCount == calls.length) {
      calls = Arrays.copyOf(calls, 2 * callCount);
    }
    calls[callCount++] = took;
    nanos += took;
    queries += block.length;
    QueryProfile last = null;
    for (int i = 0; i < block.length; i++) {
      QueryResult result = results.get(i);
      if (answers.get(block[i]) == null) {
        answers.set(block[i], result.matches());
      }
      // Queries that shared their passes over the slabs share one profile.
      if (result.profile() != last) {
        last = result.profile();
        add(last);
      }
    }
  }

  private void add(QueryProfile profile) {
    kernel = profile.kernel();
    requestsMade += profile.traffic() == null ? 0 : profile.traffic().requests();
    for (SlabProfile slab : profile.slabs()) {
      bytesRead += slab.bytesRead();
      cellsScanned += slab.cellsScanned();
      rowsScored += slab.rowsScored();
      rowsRescored += slab.rowsRescored();
      strategies
          .computeIfAbsent(slab.slab(), id -> new EnumMap<>(Strategy.class))
          .merge(slab.strategy(), (long) profile.queries(), Long::sum);
    }
  }
}
