package io.slab.search;

import io.slab.filter.Filter;
import io.slab.filter.FilterPruner;
import io.slab.format.section.SparseIndex;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * Which rows of one slab take part and how they are read.
 *
 * @param selected the rows that take part, or null when all do that are not dead
 * @param dead rows to leave out where {@code selected} is null; null means none
 * @param matching number of rows that take part
 * @param sparse for each query what the inverted index has of it, or null for a query without
 *     sparse values; null when the rows are read instead
 * @param ann how an approximate index is searched; null when it is not
 * @param orders in a sparse index the same in search order; null when the rows are read instead
 */
record PartPlan(
    Rows.OfSlab rows,
    Strategy strategy,
    ImmutableRoaringBitmap selected,
    ImmutableRoaringBitmap dead,
    long matching,
    List<SparseLookup> sparse,
    List<SparseOrder> orders,
    AnnPlan ann,
    long filterNanos) {

  /** Below one row in this many it is cheaper to read single rows than to scan. */
  private static final int SINGLE_QUERY_SPARSITY = 8;

  /** The same for batches, whose scans cost less per query while single rows do not. */
  private static final int BATCH_SPARSITY = 16;

  static PartPlan of(SearchPart part, Filter filter, List<PreparedQuery> targets) {
    int queries = targets.size();
    long start = System.nanoTime();
    Rows.OfSlab rows = new Rows.OfSlab(part.view());
    ImmutableRoaringBitmap dead = part.dead() == null || part.dead().isEmpty() ? null : part.dead();
    if (filter != null && part.bounds() != null && !FilterPruner.mayMatch(filter, part.bounds())) {
      long nanos = System.nanoTime() - start;
      return new PartPlan(
          rows, Strategy.SKIPPED_BY_MANIFEST, null, dead, 0, null, null, null, nanos);
    }
    SelectedRows choice = SelectedRows.of(part.view(), filter, dead);
    ImmutableRoaringBitmap selected = choice.selected();
    long matching = choice.matching();
    if (filter == null && dead != null && few(matching, rows.size(), queries)) {
      selected = choice.rows();
    }
    AnnPlan ann = AnnPlan.of(part.view(), choice, targets);
    Strategy strategy =
        ann != null
            ? ann.strategy()
            : strategy(matching, rows.size(), selected != null, filter, queries);
    List<SparseLookup> sparse = lookups(part, strategy, targets);
    List<SparseOrder> orders = null;
    if (sparse != null && !targets.getFirst().isDense()) {
      if (paysOff(sparse, matching)) {
        orders = sparse.stream().map(SparseOrder::new).toList();
        strategy = Strategy.POSTINGS;
      } else {
        sparse = null;
      }
    }
    long nanos = System.nanoTime() - start;
    return new PartPlan(rows, strategy, selected, dead, matching, sparse, orders, ann, nanos);
  }

  private static List<SparseLookup> lookups(
      SearchPart part, Strategy strategy, List<PreparedQuery> targets) {
    boolean isDense = targets.getFirst().isDense();
    boolean readsRows = strategy == Strategy.PRE_FILTER && isDense;
    SparseIndex index = part.view().sparseIndex();
    if (index == null
        || strategy == Strategy.SKIPPED
        || readsRows
        || targets.stream().allMatch(target -> target.sparse() == null)) {
      return null;
    }
    List<SparseLookup> lookups = new ArrayList<>();
    for (PreparedQuery target : targets) {
      lookups.add(target.sparse() == null ? null : SparseLookup.of(index, target.sparse()));
    }
    return lookups;
  }

  /** Whether reading all postings of the queries would cost less than scoring the matching rows. */
  private static boolean paysOff(List<SparseLookup> sparse, long matching) {
    long postings = sparse.stream().mapToLong(SparseLookup::postings).sum();
    return postings / SparseScan.ROW_COST <= matching * sparse.size();
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
