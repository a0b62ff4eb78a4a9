package io.slab.ann;

import java.util.Arrays;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MappeableBitmapContainer;
import org.roaringbitmap.buffer.MappeableContainerPointer;

/**
 * The rows a search may return, as one bit a row. The rows of a cell follow each other, so that a
 * stretch of the bits is the mask of its list. Threads may share it.
 */
public final class AllowedRows {
  private final long[] words;
  private final int count;

  private AllowedRows(long[] words, int count) {
    this.words = words;
    this.count = count;
  }

  /**
   * Rows that match and are not dead. Not for two threads with the same bitmap at the same time.
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
    // One word more, so that any 32 bits can be read as a part of two words.
    long[] words = new long[rows / 64 + 2];
    if (matching == null) {
      Arrays.fill(words, 0, rows / 64, -1);
      words[rows / 64] = (1L << rows) - 1;
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
    return new AllowedRows(words, count);
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

  /** The number of allowed rows of a cell. */
  int count(IvfIndex index, int cell) {
    int from = index.directory().firstRow()[cell];
    int to = index.directory().firstRow()[cell + 1];
    int first = from >> 6;
    int last = to >> 6;
    if (first == last) {
      return Long.bitCount(words[first] >>> from << from & below(to));
    }
    int sum = Long.bitCount(words[first] >>> from) + Long.bitCount(words[last] & below(to));
    for (int word = first + 1; word < last; word++) {
      sum += Long.bitCount(words[word]);
    }
    return sum;
  }

  /** The bits of a word below the one of a row. */
  private static long below(int row) {
    return (1L << row) - 1;
  }

  /** The allowed ones of 32 rows as bits; rows that there are not count as not allowed. */
  int bits(int firstRow) {
    int word = firstRow >> 6;
    int shift = firstRow & 63;
    long low = words[word] >>> shift;
    return (int) (shift > 32 ? low | words[word + 1] << 64 - shift : low);
  }

  /** The allowed rows of a cell. */
  CellMask mask(IvfIndex index, int cell) {
    return new CellMask(this, index.directory().firstRow()[cell], index.directory().rows()[cell]);
  }
}
