package io.slab.query;

import io.slab.ann.AllowedRows;
import io.slab.ann.AnnIndex;
import io.slab.ann.IvfSearcher;
import io.slab.ann.TopRows;
import io.slab.format.SlabView;
import java.util.List;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * How the approximate index of one slab is searched.
 *
 * @param allowed rows that may answer, null for all
 */
record AnnPlan(AnnIndex index, AllowedRows allowed) {
  /**
   * The plan, or null when the slab is to be searched exactly: it has no index, a query demands it,
   * or so few rows match that scoring each of them is cheaper (and exact).
   *
   * @param selected rows that match and live, or null for all that are not dead
   */
  static AnnPlan of(
      SlabView view,
      ImmutableRoaringBitmap selected,
      ImmutableRoaringBitmap dead,
      long matching,
      List<Target> targets) {
    if (matching == 0 || !targets.stream().allMatch(Target::isApproximate)) {
      return null;
    }
    AnnIndex index = AnnIndex.of(view);
    if (index == null) {
      return null;
    }
    double inflation = (double) view.rows() / matching;
    Target first = targets.getFirst();
    if (selected != null
        && index.rowsAreCheaper(matching, first.recall(), depth(first, inflation))) {
      return null;
    }
    AllowedRows allowed = AllowedRows.of(view.rows(), selected, selected == null ? dead : null);
    return new AnnPlan(index, allowed);
  }

  private static long depth(Target target, double inflation) {
    return (long) Math.min(Integer.MAX_VALUE, Math.ceil(target.topK() * inflation));
  }

  TopRows search(IvfSearcher searcher, Target target) {
    return searcher.search(target.vector(), target.topK(), index.curve(), target.recall(), allowed);
  }

  /** Bytes of one row's code, factors and number. */
  long codeBytes() {
    return Math.ceilDiv(index.index().listBytes(), index.index().rows());
  }
}
