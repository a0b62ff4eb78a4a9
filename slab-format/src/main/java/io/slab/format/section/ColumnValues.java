package io.slab.format.section;

import java.util.Arrays;

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
  /**
   * The same values with other row numbers.
   *
   * @param rowOf the new number of each row of the slab
   */
  public ColumnValues renumbered(int[] rowOf) {
    int[] item = new int[rowOf.length];
    Arrays.fill(item, -1);
    for (int i = 0; i < rows.length; i++) {
      item[rowOf[rows[i]]] = i;
    }
    int[] newRows = new int[rows.length];
    int[] newEnds = ends == null ? null : new int[ends.length];
    int[] newRanks = new int[ranks.length];
    int at = 0;
    int size = 0;
    for (int row = 0; row < item.length; row++) {
      int i = item[row];
      if (i >= 0) {
        int count = end(i) - start(i);
        System.arraycopy(ranks, start(i), newRanks, size, count);
        size += count;
        newRows[at] = row;
        if (newEnds != null) {
          newEnds[at] = size;
        }
        at++;
      }
    }
    return new ColumnValues(type, distinct, newRows, newEnds, newRanks);
  }

  /** First item of the {@code i}-th row that has a value. */
  int start(int i) {
    return ends == null ? i : i == 0 ? 0 : ends[i - 1];
  }

  /** End of the items of the {@code i}-th row that has a value. */
  int end(int i) {
    return ends == null ? i + 1 : ends[i];
  }
}
