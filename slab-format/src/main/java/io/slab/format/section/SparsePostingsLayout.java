package io.slab.format.section;

/**
 * SPARSE_DICT and SPARSE_POSTINGS: the sparse rows by dimension.
 *
 * <pre>
 * SPARSE_DICT      an entry of 32 bytes for each dimension that a row has, strictly ascending unsigned:
 *   0   4   u32 dimension
 *   4   4   u32 postings m, at least 1
 *   8   8   u64 offset of the list in SPARSE_POSTINGS: 0, then the end of the list before
 *   16  4   u32 windows n that have a posting, at least 1
 *   20  4   f32 largest weight
 *   24  4   f32 smallest weight
 *   28  4   zero
 *
 * SPARSE_POSTINGS  a list for each dimension, back to back:
 *   4 n   u32 number of each window that has a posting, ascending
 *   4 n   u32 postings up to and including each of these windows, ascending; the last is m
 *   4 n   f32 largest weight in each
 *   4 n   f32 smallest weight in each
 *   4 m   f32 weight of each posting
 *   2 m   u16 row of each posting minus the first row of its window, ascending within the window
 *   0..2  zero bytes up to a multiple of 4
 * </pre>
 *
 * Window w is rows w * R up to (w + 1) * R, where R is the dictionary's param. Largest and smallest
 * order -0.0 below 0.0.
 */
public final class SparsePostingsLayout {
  /**
   * Rows of a window. A query adds up the scores of a window's rows in an array of doubles; this
   * many just fit the first-level cache of common machines beside the postings that stream through
   * it.
   */
  public static final int WINDOW_ROWS = 4096;

  static final int MIN_WINDOW_ROWS = 64;
  static final int MAX_WINDOW_ROWS = 1 << 16;
  static final int ENTRY_BYTES = 32;

  /** Bytes of each listed window. */
  static final int WINDOW_BYTES = 16;

  static final int WEIGHT_BYTES = 4;
  static final int ROW_BYTES = 2;

  private SparsePostingsLayout() {}

  /** Bytes of a list. */
  static long listBytes(long windows, long postings) {
    return (windows * WINDOW_BYTES + postings * (WEIGHT_BYTES + ROW_BYTES) + 3) & ~3L;
  }

  static boolean isWindowRows(long rows) {
    return Long.bitCount(rows) == 1 && rows >= MIN_WINDOW_ROWS && rows <= MAX_WINDOW_ROWS;
  }
}
