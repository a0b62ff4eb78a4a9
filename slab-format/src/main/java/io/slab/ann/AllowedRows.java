package io.slab.ann;

import java.util.Arrays;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * The rows a search may return, as one bit a row. Also remembers which they are in each cell, which
 * is found out when a search first comes to the cell; so one object serves all queries with the
 * same filter. Threads may share it.
 */
public final class AllowedRows {
  private final long[] words;
  private final int count;
  private Known cells;

  /** What is known of each cell: how many rows (negative: not yet) and which. */
  private record Known(int[] counts, CellMask[] masks) {
    static Known of(int cells) {
      int[] counts = new int[cells];
      Arrays.fill(counts, -1);
      return new Known(counts, new CellMask[cells]);
    }
  }

  private AllowedRows(long[] words, int count) {
    this.words = words;
    this.count = count;
  }

  /**
   * Rows that match and are not dead.
   *
   * @param matching null when all match
   * @param dead null when none is
   * @return null when every row is allowed
   */
  public static AllowedRows of(
      int rows, ImmutableRoaringBitmap matching, ImmutableRoaringBitmap dead) {
    boolean allLive = dead == null || dead.isEmpty();
    if (matching == null && allLive) {
      return null;
    }
    long[] words = new long[(rows + 63) / 64];
    if (matching == null) {
      Arrays.fill(words, -1);
      if ((rows & 63) != 0) {
        words[words.length - 1] = (1L << rows) - 1;
      }
    } else {
      matching.forEach((org.roaringbitmap.IntConsumer) row -> words[row >> 6] |= 1L << row);
    }
    if (!allLive) {
      dead.forEach((org.roaringbitmap.IntConsumer) row -> words[row >> 6] &= ~(1L << row));
    }
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return new AllowedRows(words, count);
  }

  /** Number of rows allowed. */
  public int count() {
    return count;
  }

  /** The number of allowed rows of a cell; quicker than to ask for the rows. */
  int count(IvfIndex index, int cell) {
    int count = known(index).counts()[cell];
    return count >= 0 ? count : mask(index, cell).count();
  }

  /** The allowed rows of a cell. */
  CellMask mask(IvfIndex index, int cell) {
    Known known = known(index);
    // Two threads may both find it out; they find the same.
    CellMask mask = known.masks()[cell];
    if (mask == null) {
      mask = CellMask.of(index, cell, words);
      known.masks()[cell] = mask;
      known.counts()[cell] = mask.count();
    }
    return mask;
  }

  private Known known(IvfIndex index) {
    Known known = cells;
    if (known == null || known.counts().length != index.cells()) {
      known = Known.of(index.cells());
      cells = known;
    }
    return known;
  }
}
