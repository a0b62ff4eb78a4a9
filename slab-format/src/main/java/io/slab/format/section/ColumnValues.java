package io.slab.format.section;

/**
 * The values of one column as ranks, row by row; rows without a value are left out. The arrays are
 * not copied.
 *
 * @param distinct number of ranks (2 for booleans)
 * @param rows rows that have a value, ascending
 * @param ends for lists: end of each row's ranks in {@code ranks}; null for the other types, which
 *     have one each
 * @param ranks the ranks, ascending and distinct within a row
 */
public record ColumnValues(ColumnType type, int distinct, int[] rows, int[] ends, int[] ranks) {
  /** First item of the {@code i}-th row that has a value. */
  int start(int i) {
    return ends == null ? i : i == 0 ? 0 : ends[i - 1];
  }

  /** End of the items of the {@code i}-th row that has a value. */
  int end(int i) {
    return ends == null ? i + 1 : ends[i];
  }
}
