package io.slab.ann;

import java.util.Arrays;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MappeableBitmapContainer;
import org.roaringbitmap.buffer.MappeableContainerPointer;

/**
 * The rows a search may return, as one bit a row. Also remembers which they are in each cell, which
 * is found out when a search first asks; so one object serves all queries with the same filter.
 * Threads may share it.
 */
public final class AllowedRows {
  /** Rows in this many are so few that they are spread over all cells at once. */
  private static final int FEW = 50;

  /** Looking at a row of a list takes a part of the time that spreading one does. */
  private static final double SPREAD_COST = 3;

  private final long[] words;
  private final int count;
  private final RowSlots slots;
  private Known cells;

  /**
   * What is known of each cell: how many rows (negative: not yet) and which; or the rows of all
   * cells, block by block.
   */
  private record Known(int[] counts, CellMask[] masks, int[] blocks) {
    static Known nothing(int cells) {
      int[] counts = new int[cells];
      Arrays.fill(counts, -1);
      return new Known(counts, new CellMask[cells], null);
    }
  }

  private AllowedRows(long[] words, int count, RowSlots slots) {
    this.words = words;
    this.count = count;
    this.slots = slots;
  }

  /**
   * Rows that match and are not dead. Not for two threads with the same bitmap at the same time.
   *
   * @param matching null when all match
   * @param dead null when none is
   * @param slots of the index that will be searched, null when it is not known or cannot be kept
   * @return null when every row is allowed
   */
  public static AllowedRows of(
      int rows, ImmutableRoaringBitmap matching, ImmutableRoaringBitmap dead, RowSlots slots) {
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
      set(words, matching);
    }
    if (!allLive) {
      dead.forEach((org.roaringbitmap.IntConsumer) row -> words[row >> 6] &= ~(1L << row));
    }
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    AllowedRows allowed =
        new AllowedRows(
            words, count, matching != null && slots != null && slots.meet() ? slots : null);
    if ((long) count * FEW < rows) {
      allowed.spread();
    }
    return allowed;
  }

  /** The same without knowing the index. */
  public static AllowedRows of(
      int rows, ImmutableRoaringBitmap matching, ImmutableRoaringBitmap dead) {
    return of(rows, matching, dead, null);
  }

  private static void set(long[] words, ImmutableRoaringBitmap rows) {
    MappeableContainerPointer next = rows.getContainerPointer();
    for (; next.hasContainer(); next.advance()) {
      // Where many rows match, the bitmap holds them as one bit a row already.
      if (next.getContainer() instanceof MappeableBitmapContainer bits) {
        long[] part = bits.toLongArray();
        int at = next.key() * part.length;
        System.arraycopy(part, 0, words, at, Math.min(part.length, words.length - at));
      } else {
        next.getContainer().forEach(next.key(), row -> words[row >> 6] |= 1L << row);
      }
    }
  }

  /** Number of rows allowed. */
  public int count() {
    return count;
  }

  /**
   * Says that so many cells are going to be asked about. To look through their lists takes time for
   * all their rows, to find out about all cells at once for the rows allowed.
   */
  void expect(IvfIndex index, int asked) {
    if ((double) asked * index.rows() / index.cells() > SPREAD_COST * count) {
      spread();
    }
  }

  private void spread() {
    if (slots == null || cells != null && cells.blocks() != null) {
      return;
    }
    int[] blocks = slots.spread(words);
    int[] counts = new int[slots.index().cells()];
    for (int cell = 0; cell < counts.length; cell++) {
      int end = slots.firstBlock(cell + 1);
      for (int block = slots.firstBlock(cell); block < end; block++) {
        counts[cell] += Integer.bitCount(blocks[block]);
      }
    }
    // Two threads may both find it out; they find the same.
    cells = new Known(counts, null, blocks);
  }

  /** The number of allowed rows of a cell; quicker than to ask for the rows. */
  int count(IvfIndex index, int cell) {
    int known = known(index).counts()[cell];
    return known >= 0 ? known : mask(index, cell).count();
  }

  /** The allowed rows of a cell. */
  CellMask mask(IvfIndex index, int cell) {
    Known known = known(index);
    if (known.blocks() != null) {
      return CellMask.part(known.blocks(), slots.firstBlock(cell), known.counts()[cell]);
    }
    CellMask mask = known.masks()[cell];
    if (mask == null) {
      mask = CellMask.of(index, cell, words);
      known.masks()[cell] = mask;
      known.counts()[cell] = mask.count();
    }
    return mask;
  }

  private Known known(IvfIndex index) {
    if (slots != null && slots.index() != index) {
      throw new IllegalArgumentException("the filter was prepared for another index");
    }
    Known known = cells;
    if (known == null || known.counts().length != index.cells()) {
      known = Known.nothing(index.cells());
      cells = known;
    }
    return known;
  }
}
