package io.slab.search;

import io.slab.ann.AnnKernels;
import io.slab.ann.IvfSearcher;
import io.slab.ann.NearestKeys;
import io.slab.error.CancellationToken;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterPruner;
import io.slab.format.SlabAhead;
import io.slab.format.SlabView;
import io.slab.store.Together;
import io.slab.store.Traffic;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * Plans a search of remote slabs without answering anything, so that what the search is going to
 * read is fetched in few rounds: all slabs at the same time, and of each its hot tail, then what
 * the filter needs, then the lists of the nearest cells; and then the rows of all slabs that seem
 * near with the ids of those that seem nearest. The search then finds everything at hand, and
 * answers as it would of a local slab; what was not foreseen it fetches when it comes to it. Local
 * slabs are left alone.
 */
final class RemotePrefetch {
  /** Most bytes of rows that are fetched before a scan; a longer scan fetches as it goes. */
  private static final long SCAN_BYTES = 256L << 20;

  /** Rounds after which the few rows that are still missing are fetched one by one. */
  private static final int MAX_ATTEMPTS = 6;

  /** Most rows that are fetched one by one. */
  private static final int SINGLE_ROWS = 200_000;

  private final Filter filter;
  private final List<PreparedQuery> targets;
  private final boolean metadata;
  private final QueryEngine engine;
  private final AnnKernels kernels;
  private final CancellationToken cancellation;

  /**
   * @param metadata true when matches are going to carry theirs
   * @param engine lends the buffers
   */
  RemotePrefetch(
      Filter filter,
      List<PreparedQuery> targets,
      boolean metadata,
      QueryEngine engine,
      AnnKernels kernels,
      CancellationToken cancellation) {
    this.filter = filter;
    this.targets = targets;
    this.metadata = metadata;
    this.engine = engine;
    this.kernels = kernels;
    this.cancellation = cancellation;
  }

  void run(List<SearchPart> parts) {
    PartPlan[] plans = new PartPlan[parts.size()];
    List<Runnable> tasks = new ArrayList<>();
    for (int i = 0; i < plans.length; i++) {
      int number = i;
      SearchPart part = parts.get(i);
      boolean pruned =
          filter != null && part.bounds() != null && !FilterPruner.mayMatch(filter, part.bounds());
      if (part.view().isRemote() && !pruned) {
        tasks.add(() -> plans[number] = prefetch(part));
      } else {
        plans[i] = PartPlan.of(part, filter, targets);
      }
    }
    Together.run(tasks);
    JointSearch[] joint = JointSearch.of(plans, targets.size(), cancellation);
    Traffic.during("lists", () -> answers(parts, joint));
  }

  /** Fetches the rows that the codes of all slabs leave, and what matches carry of the nearest. */
  private void answers(List<SearchPart> parts, JointSearch[] joint) {
    Workspace work = engine.borrow();
    try {
      ThreadStats unused = new ThreadStats(parts.size());
      List<JointScores> scores = new ArrayList<>();
      for (int query = 0; query < joint.length; query++) {
        if (joint[query] != null) {
          scores.add(joint[query].scan(targets.get(query), new SearchThreads.Alone(work, unused)));
        }
      }
      List<Rows> sources = new ArrayList<>();
      parts.forEach(part -> sources.add(new Rows.OfSlab(part.view())));
      RemoteRows rows = new RemoteRows(sources);
      boolean missing = true;
      for (int attempt = 0; missing && attempt < MAX_ATTEMPTS; attempt++) {
        for (JointScores query : scores) {
          query.run(work, unused, rows);
          query.nearest(rows, metadata);
        }
        missing = rows.anyMissing();
        Traffic.during("rows", rows::run);
      }
    } finally {
      engine.release(work);
    }
  }

  private PartPlan prefetch(SearchPart part) {
    if (filter != null) {
      Traffic.during("filter", () -> fetchFilter(part.view()));
    } else if (targets.stream().allMatch(PreparedQuery::isApproximate)) {
      part.view().expectSearch();
    }
    PartPlan plan = PartPlan.of(part, filter, targets);
    if (plan.skipped()) {
      return plan;
    }
    List<Runnable> tasks = new ArrayList<>();
    tasks.add(() -> Traffic.during("ids", () -> part.view().ahead().idTable().run()));
    if (plan.ann() != null) {
      for (int query = 0; query < targets.size(); query++) {
        if (plan.ann().isSearched(query)) {
          PreparedQuery target = targets.get(query);
          tasks.add(() -> Traffic.during("lists", () -> lists(part.view(), plan.ann(), target)));
        }
      }
      if (plan.ann().single() != null) {
        tasks.add(() -> Traffic.during("rows", () -> rows(part.view(), plan.ann().single())));
      }
    } else if (plan.strategy() == Strategy.PRE_FILTER) {
      tasks.add(() -> Traffic.during("rows", () -> rows(part.view(), plan.selected())));
    } else if (targets.getFirst().isDense()) {
      tasks.add(() -> Traffic.during("rows", () -> scan(part.view())));
    }
    Together.run(tasks);
    return plan;
  }

  /** Evaluates the clauses at the same time: each is a chain of dictionary and bitmap. */
  private void fetchFilter(SlabView view) {
    List<Runnable> tasks = new ArrayList<>();
    // Without some bitmaps the rows are looked through, once.
    List<Filter> clauses = view.leftOut().isEmpty() ? FilterEvaluator.clauses(filter) : List.of();
    for (Filter clause : clauses) {
      tasks.add(() -> view.matching(clause));
    }
    tasks.add(() -> view.ahead().smallIndex().idTable().run());
    Together.run(tasks);
  }

  /** Fetches the lists that a search of this slab alone reads, which are at least all it takes. */
  private void lists(SlabView view, AnnPlan plan, PreparedQuery target) {
    NearestKeys none = new NearestKeys();
    none.start(target.topK());
    plan.scan(new IvfSearcher(plan.index().index(), view.dense(), kernels), target, none);
  }

  private void rows(SlabView view, ImmutableRoaringBitmap selected) {
    SlabAhead ahead = view.ahead();
    boolean dense = targets.getFirst().isDense();
    boolean sparse = targets.stream().anyMatch(target -> target.sparse() != null);
    IntIterator rows = selected.getIntIterator();
    for (int i = 0; i < SINGLE_ROWS && rows.hasNext(); i++) {
      int row = rows.next();
      if (dense) {
        ahead.vectors(row, 1, false);
      }
      if (sparse) {
        ahead.sparse(row);
      }
    }
    ahead.run();
  }

  private void scan(SlabView view) {
    long bytes = 4L * view.rows() * view.dimension();
    if (bytes <= SCAN_BYTES) {
      view.ahead().vectors(0, view.rows(), true).run();
    }
  }
}
