package io.slab.search;

import io.slab.ann.AnnKernels;
import io.slab.ann.IvfSearcher;
import io.slab.ann.TopRows;
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

/**
 * Plans a search of remote slabs without answering anything, so that what the search is going to
 * read is fetched in few rounds: all slabs at the same time, and of each its hot tail, then what
 * the filter needs, then the lists of the nearest cells, then the rows that seem near with the ids
 * of those that seem nearest. The search then finds everything at hand, and answers as it would of
 * a local slab; what was not foreseen it fetches when it comes to it. Local slabs are left alone.
 */
final class RemotePrefetch {
  /** Most bytes of rows that are fetched before a scan; a longer scan fetches as it goes. */
  private static final long SCAN_BYTES = 256L << 20;

  /** Most rows that are fetched one by one. */
  private static final int SINGLE_ROWS = 200_000;

  private final Filter filter;
  private final List<PreparedQuery> targets;
  private final boolean metadata;
  private final AnnKernels kernels;

  /**
   * @param metadata true when matches are going to carry theirs
   */
  RemotePrefetch(Filter filter, List<PreparedQuery> targets, boolean metadata, AnnKernels kernels) {
    this.filter = filter;
    this.targets = targets;
    this.metadata = metadata;
    this.kernels = kernels;
  }

  void run(List<SearchPart> parts) {
    List<Runnable> tasks = new ArrayList<>();
    for (SearchPart part : parts) {
      boolean pruned =
          filter != null && part.bounds() != null && !FilterPruner.mayMatch(filter, part.bounds());
      if (part.view().isRemote() && !pruned) {
        tasks.add(() -> prefetch(part));
      }
    }
    Together.run(tasks);
  }

  private void prefetch(SearchPart part) {
    if (filter != null) {
      Traffic.during("filter", () -> fetchFilter(part.view()));
    } else if (targets.stream().allMatch(PreparedQuery::isApproximate)) {
      part.view().expectSearch();
    }
    PartPlan plan = PartPlan.of(part, filter, targets);
    if (plan.skipped()) {
      return;
    }
    List<Runnable> tasks = new ArrayList<>();
    tasks.add(() -> Traffic.during("ids", () -> part.view().ahead().idTable().run()));
    if (plan.ann() != null && plan.ann().single() == null) {
      for (PreparedQuery target : targets) {
        tasks.add(() -> Traffic.during("lists", () -> search(part.view(), plan.ann(), target)));
      }
    } else if (plan.strategy() == Strategy.PRE_FILTER) {
      tasks.add(() -> Traffic.during("rows", () -> rows(part.view(), plan)));
    } else if (targets.getFirst().isDense()) {
      tasks.add(() -> Traffic.during("rows", () -> scan(part.view())));
    }
    Together.run(tasks);
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

  private void search(SlabView view, AnnPlan plan, PreparedQuery target) {
    IvfSearcher searcher = new IvfSearcher(plan.index().index(), view.dense(), kernels);
    plan.fetchAhead(searcher, target, (seen, missing) -> fetch(view, missing, seen));
  }

  /** Fetches rows to be scored, with what matches carry of those that seem nearest. */
  private void fetch(SlabView view, int[] missing, TopRows seen) {
    SlabAhead ahead = view.ahead();
    for (int row : missing) {
      ahead.vectors(row, 1, false);
    }
    for (int rank = 0; rank < seen.size(); rank++) {
      ahead.id(seen.row(rank));
      if (metadata) {
        ahead.metadata(seen.row(rank));
      }
    }
    Traffic.during("rows", ahead::run);
  }

  private void rows(SlabView view, PartPlan plan) {
    SlabAhead ahead = view.ahead();
    boolean dense = targets.getFirst().isDense();
    boolean sparse = targets.stream().anyMatch(target -> target.sparse() != null);
    IntIterator rows = plan.selected().getIntIterator();
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
