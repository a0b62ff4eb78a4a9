package io.slab.search;

import io.slab.ann.IvfSearcher;
import io.slab.ann.NearestKeys;
import io.slab.ann.SearchCost;
import io.slab.ann.Survivors;
import io.slab.error.CancellationToken;
import java.util.ArrayList;
import java.util.List;

/**
 * Searches the approximate indexes of several slabs as one. First the codes, in rounds: the slab
 * with the most rows comes first, and each further round takes slabs with up to {@link #GROWTH}
 * times the rows of all before. A slab's search starts with the k best keys that the rounds before
 * it know, so that it keeps only rows that may be among the nearest of all. What a round knows is
 * settled when it ends, and so threads and their pace change nothing. Then {@link JointScores}
 * scores the rows that are left of all slabs, those of the least bound first. Thread-safe once
 * made.
 */
final class JointSearch {
  private static final int GROWTH = 3;

  private final PartPlan[] plans;

  /** Numbers of the slabs that are searched, in order of the rounds. */
  private final int[] sources;

  /** For each round the place of the first slab behind it. */
  private final int[] ends;

  private final long possible;
  private final CancellationToken cancellation;

  private JointSearch(PartPlan[] plans, int[] sources, CancellationToken cancellation) {
    this.plans = plans;
    this.sources = sources;
    this.cancellation = cancellation;
    List<Integer> rounds = new ArrayList<>();
    long before = 0;
    for (int place = 0; place < sources.length; ) {
      long round = 0;
      do {
        round += plans[sources[place++]].matching();
      } while (place < sources.length
          && round + plans[sources[place]].matching() <= GROWTH * before);
      before += round;
      rounds.add(place);
    }
    ends = rounds.stream().mapToInt(end -> end).toArray();
    possible = before;
  }

  /** For each query the search of the slabs whose indexes answer it; null where none does. */
  static JointSearch[] of(PartPlan[] plans, int queries, CancellationToken cancellation) {
    JointSearch[] searches = new JointSearch[queries];
    for (int query = 0; query < queries; query++) {
      // Mostly the queries of a batch ask the same slabs.
      searches[query] =
          query > 0 && isSame(plans, query)
              ? searches[query - 1]
              : of(plans, searched(plans, query), cancellation);
    }
    return searches;
  }

  private static boolean isSame(PartPlan[] plans, int query) {
    for (PartPlan plan : plans) {
      if (plan.ann() != null && plan.ann().isSearched(query) != plan.ann().isSearched(query - 1)) {
        return false;
      }
    }
    return true;
  }

  private static List<Integer> searched(PartPlan[] plans, int query) {
    List<Integer> searched = new ArrayList<>();
    for (int source = 0; source < plans.length; source++) {
      if (plans[source].ann() != null && plans[source].ann().isSearched(query)) {
        searched.add(source);
      }
    }
    return searched;
  }

  private static JointSearch of(
      PartPlan[] plans, List<Integer> searched, CancellationToken cancellation) {
    if (searched.isEmpty()) {
      return null;
    }
    // Of equal numbers of rows the first slab stays the first.
    // Not Comparator.comparingLong: the JVM's start-up cache does not hold the lambdas in there.
    searched.sort((a, b) -> Long.compare(plans[b].matching(), plans[a].matching()));
    int[] sources = searched.stream().mapToInt(source -> source).toArray();
    return new JointSearch(plans, sources, cancellation);
  }

  /** Slabs that are searched. */
  int slabs() {
    return sources.length;
  }

  /** The number of the slab at a place. */
  int source(int place) {
    return sources[place];
  }

  PartPlan plan(int place) {
    return plans[sources[place]];
  }

  /** Rows wanted of all slabs together. */
  int limit(PreparedQuery target) {
    return (int) Math.min(target.topK(), possible);
  }

  /** A thread's searcher of the slab at a place. */
  IvfSearcher searcher(int place, Workspace work) {
    PartPlan plan = plan(place);
    return work.searcher(plan.ann().index().index(), plan.rows().view().dense());
  }

  /** Looks at the codes; the scores are for one thread to do. */
  JointScores scan(PreparedQuery target, SearchThreads threads) {
    Survivors[] found = new Survivors[sources.length];
    NearestKeys known = new NearestKeys();
    known.start(limit(target));
    int from = 0;
    for (int end : ends) {
      cancellation.check();
      threads.each(
          from, end, (place, work, own) -> found[place] = scan(place, target, known, work, own));
      for (; from < end; from++) {
        known.add(found[from]);
      }
    }
    return new JointScores(this, target, found, known.threshold());
  }

  private Survivors scan(
      int place, PreparedQuery target, NearestKeys known, Workspace work, ThreadStats own) {
    long start = System.nanoTime();
    int source = sources[place];
    AnnPlan plan = plans[source].ann();
    IvfSearcher searcher = searcher(place, work);
    Survivors found = plan.scan(searcher, target, known);
    SearchCost cost = searcher.cost();
    own.scored[source] += cost.scanned();
    own.cells[source] += cost.cells();
    own.bytes[source] += cost.scanned() * plan.codeBytes();
    own.nanos[source] += System.nanoTime() - start;
    return found;
  }
}
