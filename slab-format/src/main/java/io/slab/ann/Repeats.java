package io.slab.ann;

import io.slab.bytes.LittleEndian;
import io.slab.format.section.DenseRows;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Tells which rows of a list repeat others: their fine codes are equal, and so are their vectors.
 * Of such rows only the k first can be among the k nearest, since rows of equal score are in the
 * order of their ids, and so are the rows of a list. Vectors are compared where their codes are
 * equal, and only where they are at hand. Remembers some rows of each list and not all: a repeat
 * may go unnoticed, and costs time then. One thread only.
 */
final class Repeats {
  private static final int SLOTS = 256;

  private final DenseRows rows;
  private final int fineBytes;
  private final int[] position = new int[SLOTS];
  private final int[] count = new int[SLOTS];
  private final int[] sum = new int[SLOTS];
  private final long[] head = new long[SLOTS];

  /**
   * @param rows null where they are not at hand: then nothing is a repeat
   * @param fineBytes of the fine code of a row
   */
  Repeats(DenseRows rows, int fineBytes) {
    this.rows = rows;
    this.fineBytes = fineBytes;
  }

  /** Forgets all; before each list. */
  void start() {
    Arrays.fill(count, 0);
  }

  /**
   * True for a row that repeats {@code limit} rows of its list which were asked about before it.
   *
   * @param row its position
   * @param codes what the scan adds up for its code
   */
  boolean isBeyond(CodeList list, int row, int codes, int limit) {
    if (rows == null) {
      return false;
    }
    long factors = factors(list, list.fineAt(row));
    int slot = slot(factors + codes);
    if (count[slot] == 0
        || sum[slot] != codes
        || head[slot] != factors
        || !hasSameCode(list, row, position[slot])) {
      position[slot] = row;
      sum[slot] = codes;
      head[slot] = factors;
      count[slot] = 1;
      return false;
    }
    // Vectors of one code may differ by less than a float of it tells apart.
    if (!isSame(list.row(row), list.row(position[slot]))) {
      return false;
    }
    if (count[slot] < limit) {
      count[slot]++;
      return false;
    }
    return true;
  }

  /** The first two of a fine code, as bits. */
  private static long factors(CodeList list, long at) {
    int add = Float.floatToRawIntBits(list.bytes().get(LittleEndian.FLOAT, at));
    int rescale = Float.floatToRawIntBits(list.bytes().get(LittleEndian.FLOAT, at + 4));
    return (long) rescale << 32 | add & 0xFFFFFFFFL;
  }

  private boolean isSame(int a, int b) {
    return rows.slice(a, 1).mismatch(rows.slice(b, 1)) < 0;
  }

  private boolean hasSameCode(CodeList list, int a, int b) {
    long first = list.fineAt(a);
    long second = list.fineAt(b);
    MemorySegment bytes = list.bytes();
    return MemorySegment.mismatch(
            bytes, first, first + fineBytes, bytes, second, second + fineBytes)
        < 0;
  }

  private static int slot(long key) {
    return (int) (key * 0x9E3779B97F4A7C15L >>> 56);
  }
}
