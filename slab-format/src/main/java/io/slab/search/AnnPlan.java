package io.slab.search;

import io.slab.ann.AllowedRows;
import io.slab.ann.AnnIndex;
import io.slab.ann.IvfSearcher;
import io.slab.ann.TopRows;
import io.slab.format.SlabManifest;
import io.slab.format.SlabView;
import java.util.List;
import java.util.function.BiConsumer;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * How the approximate index of one slab is searched, or how its searcher scores the few rows that a
 * filter leaves.
 *
 * @param allowed rows that may answer, null for all
 * @param single rows to score one by one, exactly, instead of a search; null for a search
 */
record AnnPlan(AnnIndex index, AllowedRows allowed, ImmutableRoaringBitmap single) {
  /**
   * The plan, or null when the slab is to be scanned: it has no index, a query demands exactness,
   * or so few rows are alive that scoring each of them is cheaper.
   *
   * @param choice rows that match and live
   */
  static AnnPlan of(SlabView view, SelectedRows choice, List<PreparedQuery> targets) {
    long matching = choice.matching();
    if (matching == 0 || !targets.stream().allMatch(PreparedQuery::isApproximate)) {
      return null;
    }
    AnnIndex index = AnnIndex.of(view);
    if (index == null) {
      return null;
    }
    PreparedQuery first = targets.getFirst();
    if (matching < view.rows() && index.rowsAreCheaper(matching, first.recall(), first.topK())) {
      return choice.selected() == null ? null : new AnnPlan(index, null, choice.selected());
    }
    return new AnnPlan(index, choice.allowed(), null);
  }

  Strategy strategy() {
    return single == null ? Strategy.INDEX : Strategy.PRE_FILTER;
  }

  /** The name of what answers. */
  String algorithm() {
    return single == null ? index.algorithm() : SlabManifest.EXACT;
  }

  TopRows search(IvfSearcher searcher, PreparedQuery target) {
    if (single != null) {
      return searcher.exact(target.vector(), target.topK(), single);
    }
    return searcher.search(target.vector(), target.topK(), index.curve(), target.recall(), allowed);
  }

  /** Fetches what {@link #search} is going to read; only for a search. */
  void fetchAhead(IvfSearcher searcher, PreparedQuery target, BiConsumer<TopRows, int[]> nearest) {
    searcher.fetchAhead(
        target.vector(), target.topK(), index.curve(), target.recall(), allowed, nearest);
  }

  /** Bytes of one row's code, factors and number. */
  long codeBytes() {
    return Math.ceilDiv(index.index().listBytes(), index.index().rows());
  }
}
