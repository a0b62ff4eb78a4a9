package io.slab.search;

import io.slab.ann.AllowedRows;
import io.slab.ann.AnnIndex;
import io.slab.ann.IvfSearcher;
import io.slab.ann.NearestKeys;
import io.slab.ann.Survivors;
import io.slab.ann.TopRows;
import io.slab.format.SlabManifest;
import io.slab.format.SlabView;
import java.util.BitSet;
import java.util.List;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * How the approximate index of one slab is searched, or how its searcher scores the few rows that a
 * filter leaves. Each query goes its own way, so that it finds the same in any batch.
 *
 * @param allowed rows that may answer, null for all
 * @param single rows that some queries have scored one by one, exactly, instead of a search; null
 *     where there is no such query
 * @param searched by the number of the query: whether it is answered by a search
 */
record AnnPlan(
    AnnIndex index, AllowedRows allowed, ImmutableRoaringBitmap single, BitSet searched) {
  /**
   * The plan, or null when the slab is to be scanned: it has no index, or the queries demand
   * exactness.
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
    BitSet searched = new BitSet();
    for (int query = 0; query < targets.size(); query++) {
      PreparedQuery target = targets.get(query);
      searched.set(
          query,
          matching == view.rows()
              || !index.rowsAreCheaper(matching, target.recall(), target.topK()));
    }
    boolean all = searched.cardinality() == targets.size();
    return new AnnPlan(
        index, searched.isEmpty() ? null : choice.allowed(), all ? null : choice.rows(), searched);
  }

  boolean isSearched(int query) {
    return searched.get(query);
  }

  Strategy strategy() {
    return searched.isEmpty() ? Strategy.PRE_FILTER : Strategy.INDEX;
  }

  /** The name of what answers. */
  String algorithm() {
    return searched.isEmpty() ? SlabManifest.EXACT : index.algorithm();
  }

  /** Scores the rows that a filter leaves; only for queries that are not searched. */
  TopRows exact(IvfSearcher searcher, PreparedQuery target) {
    return searcher.exact(target.vector(), target.topK(), single);
  }

  /**
   * Looks at the codes of the rows that may be among the nearest.
   *
   * @param known keys of rows of other slabs
   */
  Survivors scan(IvfSearcher searcher, PreparedQuery target, NearestKeys known) {
    return searcher.scan(target.vector(), index.curve(), target.recall(), allowed, known);
  }

  /** Bytes of one row's code, factors and number. */
  long codeBytes() {
    return Math.ceilDiv(index.index().listBytes(), index.index().rows());
  }
}
