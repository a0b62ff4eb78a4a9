package io.slab.format.section;

/**
 * What IVF_DIR and IVF_LISTS say about the rows of each cell (spec/ann.md, "Cells"), apart from
 * codes. The rows of a slab lie cell after cell, so that the first row of a cell follows from the
 * sizes of the cells before it. A list begins with the ranks of the ids of its rows, ascending.
 *
 * <pre>
 * IVF_DIR, 32 bytes a cell:  0  u64  offset of the list in IVF_LISTS
 *                            8  u32  rows
 * IVF_LISTS, of each cell:   0  u32  rank of the id of each row, then codes and fine codes
 * </pre>
 */
public final class CellListsLayout {
  /** Encoding of IVF_LISTS. */
  public static final int ENCODING = 2;

  public static final int ENTRY_BYTES = 32;
  public static final int OFFSET = 0;
  public static final int ROWS = 8;
  public static final int RANK_BYTES = 4;

  private CellListsLayout() {}
}
