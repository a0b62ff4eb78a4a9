package io.slab.query;

import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterPruner;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Which rows of one slab take part and how they are read.
 *
 * @param selected the rows that take part, or null when all do that are not dead
 * @param dead rows to leave out where {@code selected} is null; null means none
 * @param matching number of rows that take part
 */
record PartPlan(
    Rows.OfSlab rows,
    Strategy strategy,
    ImmutableRoaringBitmap selected,
    ImmutableRoaringBitmap dead,
    long matching,
    long filterNanos) {

  /** Below one row in this many it is cheaper to read single rows than to scan. */
  private static final int SINGLE_QUERY_SPARSITY = 8;

  /** The same for batches, whose scans cost less per query while single rows do not. */
  private static final int BATCH_SPARSITY = 16;

  static PartPlan of(SearchPart part, Filter filter, int queries) {
    long start = System.nanoTime();
    Rows.OfSlab rows = new Rows.OfSlab(part.view());
    ImmutableRoaringBitmap dead = part.dead() == null || part.dead().isEmpty() ? null : part.dead();
    ImmutableRoaringBitmap selected = null;
    long matching = rows.size() - (dead == null ? 0 : dead.getLongCardinality());
    if (filter != null && part.bounds() != null && !FilterPruner.mayMatch(filter, part.bounds())) {
      long nanos = System.nanoTime() - start;
      return new PartPlan(rows, Strategy.SKIPPED_BY_MANIFEST, null, dead, 0, nanos);
    }
    if (filter != null && matching > 0) {
      selected = FilterEvaluator.rows(filter, part.view().fields());
      selected = dead == null ? selected : ImmutableRoaringBitmap.andNot(selected, dead);
      matching = selected.getLongCardinality();
    } else if (dead != null && few(matching, rows.size(), queries)) {
      MutableRoaringBitmap live = MutableRoaringBitmap.bitmapOfRange(0, rows.size());
      live.andNot(dead);
      selected = live;
    }
    Strategy strategy = strategy(matching, rows.size(), selected != null, filter, queries);
    return new PartPlan(rows, strategy, selected, dead, matching, System.nanoTime() - start);
  }

  /** True when no row takes part. */
  boolean skipped() {
    return strategy == Strategy.SKIPPED || strategy == Strategy.SKIPPED_BY_MANIFEST;
  }

  private static Strategy strategy(
      long matching, int rows, boolean isSelection, Filter filter, int queries) {
    if (matching == 0) {
      return Strategy.SKIPPED;
    }
    if (isSelection && few(matching, rows, queries)) {
      return Strategy.PRE_FILTER;
    }
    return filter == null ? Strategy.FULL_SCAN : Strategy.MID_SCAN;
  }

  private static boolean few(long matching, int rows, int queries) {
    return matching * (queries < BATCH_SPARSITY ? SINGLE_QUERY_SPARSITY : BATCH_SPARSITY) < rows;
  }
}
