package io.slab.ann;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * The rows a search may return, as one bit a row. Also remembers how many each cell holds, which is
 * found out when a search first comes to a cell; so one object serves all queries with the same
 * filter. Threads may share it.
 */
public final class AllowedRows {
  private final long[] words;
  private final int count;
  private int[] cells;

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

  public boolean test(int row) {
    return (words[row >> 6] & 1L << row) != 0;
  }

  /** True when a cell of an index holds a row that is allowed. */
  boolean any(IvfIndex index, int cell) {
    return count(index, cell) > 0;
  }

  /** Number of allowed rows in a cell. */
  int count(IvfIndex index, int cell) {
    int[] known = cells;
    if (known == null || known.length != index.cells()) {
      known = new int[index.cells()];
      cells = known;
    }
    // Kept plus one, so that zero means unknown. Two threads may both count; they find the same.
    if (known[cell] == 0) {
      known[cell] = 1 + countNow(index, cell);
    }
    return known[cell] - 1;
  }

  private int countNow(IvfIndex index, int cell) {
    MemorySegment list = index.list(cell);
    int size = index.directory().rows()[cell];
    int found = 0;
    for (int i = 0; i < size; i++) {
      int row = index.row(list, i);
      found += (int) (words[row >> 6] >>> row & 1);
    }
    return found;
  }
}
