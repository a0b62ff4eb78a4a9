package io.slab.search;

import io.slab.ann.IvfSearcher;
import io.slab.ann.TopRows;
import io.slab.error.CancellationToken;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.format.SlabManifest;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.store.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.roaringbitmap.PeekableIntIterator;

/**
 * One look at all sources for queries that share a filter: plan, then scan in parallel, then merge.
 * Every thread keeps its own candidates for every query, over all the sources it came by.
 */
final class BatchSearch {
  private static final int POSTING_BYTES = 6;

  private final List<SearchPart> parts;
  private final Filter filter;
  private final List<PreparedQuery> targets;
  private final WorkerThreads workers;
  private final int lanes;
  private final QueryEngine engine;
  private final CancellationToken cancellation;
  private final List<Rows> sources = new ArrayList<>();
  private final List<VectorRecord> memtable = new ArrayList<>();
  private final int memtableRows;
  private final PartPlan[] plans;
  private final List<ThreadStats> stats = new ArrayList<>();
  private final List<List<Candidates>> found = new ArrayList<>();
  private long planNanos;
  private long scanNanos;
  private long mergeNanos;

  /**
   * @param lanes queries that a tile of the engine's kernels takes
   * @param engine lends the buffers
   * @param cancellation asked before each piece of the work
   */
  BatchSearch(
      SearchSource source,
      Filter filter,
      List<PreparedQuery> targets,
      WorkerThreads workers,
      int lanes,
      QueryEngine engine,
      CancellationToken cancellation) {
    this.parts = source.parts();
    this.filter = filter;
    this.targets = targets;
    this.workers = workers;
    this.lanes = lanes;
    this.engine = engine;
    this.cancellation = cancellation;
    this.plans = new PartPlan[parts.size()];
    List<VectorRecord> records = source.memtable();
    memtableRows = records.size();
    for (VectorRecord record : records) {
      if (filter == null || FilterEvaluator.matches(filter, record.metadata())) {
        memtable.add(record);
      }
    }
    for (SearchPart part : parts) {
      sources.add(new Rows.OfSlab(part.view()));
    }
    sources.add(new Rows.OfMemtable(memtable));
  }

  /** The sources by their number: the slabs in order, then the memtable's matching records. */
  List<Rows> sources() {
    return sources;
  }

  /** The answer of each query, nearest first. */
  List<List<Hit>> run() {
    long start = System.nanoTime();
    plan();
    long planned = System.nanoTime();
    scan();
    long scanned = System.nanoTime();
    List<List<Hit>> ranked = merge();
    planNanos = planned - start;
    scanNanos = scanned - planned;
    mergeNanos = System.nanoTime() - scanned;
    return ranked;
  }

  private void plan() {
    AtomicInteger next = new AtomicInteger();
    workers.run(
        filter == null ? 1 : parts.size(),
        number -> {
          for (int i = next.getAndIncrement(); i < plans.length; i = next.getAndIncrement()) {
            cancellation.check();
            plans[i] = PartPlan.of(parts.get(i), filter, targets);
          }
        });
  }

  private void scan() {
    TaskQueue tasks = tasks();
    JointSearch[] joint = JointSearch.of(plans, targets.size(), cancellation);
    boolean byQuery = targets.size() >= Math.min(workers.threads(), spread());
    int pieces = byQuery ? targets.size() : plans.length;
    int threads = Math.max(1, Math.min(workers.threads(), Math.max(pieces, tasks.size())));
    for (int i = 0; i < threads; i++) {
      stats.add(new ThreadStats(sources.size()));
      found.add(null);
    }
    JointScores[] scores = new JointScores[targets.size()];
    if (!byQuery) {
      SearchThreads all = new SearchThreads.All(engine, workers, stats);
      for (int query = 0; query < scores.length; query++) {
        scores[query] = joint[query] == null ? null : joint[query].scan(targets.get(query), all);
      }
    }
    List<QueryTile> tiles = targets.getFirst().isDense() ? QueryTile.of(targets, lanes) : List.of();
    AtomicInteger next = new AtomicInteger();
    workers.run(
        threads,
        number -> {
          Workspace work = engine.borrow();
          try {
            ThreadStats own = stats.get(number);
            List<Candidates> candidates = candidates(work, own);
            answers(next, joint, scores, candidates, work, own);
            scanTasks(tasks, tiles, candidates, work, own);
            found.set(number, candidates);
          } catch (RuntimeException | Error e) {
            tasks.stop();
            next.set(targets.size());
            throw e;
          } finally {
            engine.release(work);
          }
        });
  }

  /** How many threads one query keeps busy in indexes: it is as slow as the largest of them. */
  private int spread() {
    long all = 0;
    long largest = 1;
    for (PartPlan plan : plans) {
      if (plan.ann() != null) {
        all += plan.matching();
        largest = Math.max(largest, plan.matching());
      }
    }
    return (int) Math.max(1, all / largest);
  }

  /** Takes in what the indexes answer, query by query, where that is not done yet. */
  private void answers(
      AtomicInteger next,
      JointSearch[] joint,
      JointScores[] scores,
      List<Candidates> candidates,
      Workspace work,
      ThreadStats own) {
    for (int query = next.getAndIncrement(); query < joint.length; query = next.getAndIncrement()) {
      if (joint[query] != null) {
        JointScores left =
            scores[query] != null
                ? scores[query]
                : joint[query].scan(targets.get(query), new SearchThreads.Alone(work, own));
        left.run(work, own);
        left.into(candidates.get(query));
      }
    }
  }

  private TaskQueue tasks() {
    TaskQueue tasks = new TaskQueue(cancellation);
    for (int i = 0; i < plans.length; i++) {
      int dimension = parts.get(i).view().dimension();
      if (plans[i].ann() != null) {
        if (plans[i].ann().single() != null) {
          tasks.addQueries(i, targets.size());
        }
      } else if (plans[i].orders() != null) {
        tasks.addWindows(i, plans[i].orders().getFirst().lookup().windows());
      } else if (!plans[i].skipped()) {
        tasks.add(i, plans[i].rows().size(), dimension, Workspace.blockRows(dimension));
      }
    }
    tasks.add(plans.length, memtable.size(), rowLength(), 1);
    return tasks;
  }

  private List<Candidates> candidates(Workspace work, ThreadStats own) {
    List<Candidates> candidates = new ArrayList<>();
    for (PreparedQuery target : targets) {
      candidates.add(new Candidates(target, sources, work.row, own.rescored));
    }
    return candidates;
  }

  private void scanTasks(
      TaskQueue tasks,
      List<QueryTile> tiles,
      List<Candidates> candidates,
      Workspace work,
      ThreadStats own) {
    BlockScan blocks = new BlockScan(tiles, candidates, work);
    for (TaskQueue.Task task = tasks.take(); task != null; task = tasks.take()) {
      long start = System.nanoTime();
      long scored = scanTask(task, blocks, candidates, work, own);
      own.scored[task.source()] += scored;
      if (task.source() == plans.length || plans[task.source()].ann() == null) {
        own.bytes[task.source()] += scored * rowBytes();
      }
      own.nanos[task.source()] += System.nanoTime() - start;
    }
    candidates.forEach(Candidates::settle);
  }

  private long scanTask(
      TaskQueue.Task task,
      BlockScan blocks,
      List<Candidates> candidates,
      Workspace work,
      ThreadStats own) {
    if (task.source() == plans.length) {
      if (RecordBlocks.suit(targets)) {
        RecordBlocks records = new RecordBlocks(memtable, work);
        return blocks.scan(task.source(), records, task.first(), task.end());
      }
      for (int row = task.first(); row < task.end(); row++) {
        for (Candidates query : candidates) {
          query.exact(task.source(), row);
        }
      }
      return (long) task.end() - task.first();
    }
    PartPlan plan = plans[task.source()];
    if (plan.ann() != null) {
      return scoreSelected(task, plan, candidates, work, own);
    }
    if (plan.orders() != null) {
      return scanWindows(task, plan, candidates, work.sparseScan, own);
    }
    if (plan.strategy() == Strategy.PRE_FILTER || !targets.getFirst().isDense()) {
      return scoreRows(task, plan, candidates, work);
    }
    return blocks.scan(task.source(), plan, task.first(), task.end());
  }

  /** Rows of the answer come scored canonically, the nearest of this slab for each query. */
  private static long scoreSelected(
      TaskQueue.Task task,
      PartPlan plan,
      List<Candidates> candidates,
      Workspace work,
      ThreadStats own) {
    IvfSearcher searcher = work.searcher(plan.ann().index().index(), plan.rows().view().dense());
    int source = task.source();
    long scored = 0;
    for (int query = task.first(); query < task.end(); query++) {
      if (plan.ann().isSearched(query)) {
        continue;
      }
      Candidates into = candidates.get(query);
      TopRows top = plan.ann().exact(searcher, into.target());
      for (int rank = 0; rank < top.size(); rank++) {
        into.scored(source, top.row(rank), top.score(rank));
      }
      scored += searcher.cost().rescored();
    }
    own.rescored[source] += scored;
    return scored;
  }

  private static long scanWindows(
      TaskQueue.Task task,
      PartPlan plan,
      List<Candidates> candidates,
      SparseScan scan,
      ThreadStats own) {
    long scored = 0;
    for (int query = 0; query < candidates.size(); query++) {
      SparseOrder order = plan.orders().get(query);
      for (int place = task.first(); place < task.end(); place++) {
        int window = order.window(place);
        scored += scan.scan(order, window, plan, task.source(), candidates.get(query));
        own.bytes[task.source()] += scan.read() * POSTING_BYTES;
      }
    }
    return scored;
  }

  /**
   * Scores single rows canonically: the few that a filter leaves, or all of a sparse index without
   * an inverted one.
   */
  private long scoreRows(
      TaskQueue.Task task, PartPlan plan, List<Candidates> candidates, Workspace work) {
    long scored = 0;
    if (plan.selected() != null) {
      PeekableIntIterator rows = plan.selected().getIntIterator();
      rows.advanceIfNeeded(task.first());
      while (rows.hasNext() && rows.peekNext() < task.end()) {
        scoreRow(task.source(), rows.next(), plan.rows(), candidates, work);
        scored++;
      }
      return scored;
    }
    for (int row = task.first(); row < task.end(); row++) {
      if (plan.dead() == null || !plan.dead().contains(row)) {
        scoreRow(task.source(), row, plan.rows(), candidates, work);
        scored++;
      }
    }
    return scored;
  }

  private static void scoreRow(
      int source, int row, Rows.OfSlab rows, List<Candidates> candidates, Workspace work) {
    boolean readsSparse = false;
    SparseVector sparse = null;
    if (candidates.getFirst().target().isDense()) {
      rows.view().dense().copy(row, work.row);
    }
    for (Candidates query : candidates) {
      if (query.target().sparse() != null && !readsSparse) {
        sparse = rows.view().sparse(row);
        readsSparse = true;
      }
      query.exact(source, row, rows.canonical(query.target(), row, work.row, sparse));
    }
  }

  private long rowBytes() {
    return 4L * rowLength();
  }

  private int rowLength() {
    PreparedQuery target = targets.getFirst();
    return target.isDense() ? target.kernelVector().length : 0;
  }

  private List<List<Hit>> merge() {
    List<List<Hit>> ranked = new ArrayList<>();
    for (int query = 0; query < targets.size(); query++) {
      Candidates all = found.getFirst().get(query);
      for (int thread = 1; thread < found.size(); thread++) {
        all.merge(found.get(thread).get(query));
      }
      all.settle();
      ranked.add(all.ranked());
    }
    return ranked;
  }

  /** What was done; to be asked after {@link #run}. */
  QueryProfile profile(String kernel, long fetchNanos, Traffic.Counts traffic) {
    List<SlabProfile> slabs = new ArrayList<>();
    for (int i = 0; i < plans.length; i++) {
      ThreadStats sum = new ThreadStats(1);
      for (ThreadStats one : stats) {
        sum.scored[0] += one.scored[i];
        sum.rescored[0] += one.rescored[i];
        sum.bytes[0] += one.bytes[i];
        sum.nanos[0] += one.nanos[i];
        sum.cells[0] += one.cells[i];
      }
      slabs.add(
          new SlabProfile(
              parts.get(i).view().id(),
              plans[i].strategy(),
              plans[i].ann() == null ? SlabManifest.EXACT : plans[i].ann().algorithm(),
              sum.cells[0],
              plans[i].rows().size(),
              plans[i].matching(),
              sum.scored[0],
              sum.rescored[0],
              sum.bytes[0] + sum.rescored[0] * rowBytes(),
              plans[i].filterNanos(),
              sum.nanos[0],
              parts.get(i).view().leftOut()));
    }
    return new QueryProfile(
        kernel,
        stats.size(),
        targets.size(),
        slabs,
        memtableRows,
        memtable.size(),
        planNanos,
        scanNanos,
        mergeNanos,
        fetchNanos,
        traffic);
  }
}
