package io.slab.bytes;

import java.util.Arrays;

/**
 * Sorts byte strings by their numbers, in unsigned order. One small loop with the first bytes that
 * differ at hand: the general sort of objects costs a process half a second of compiling before it
 * sorts as quickly.
 */
public final class BytesOrder {
  /** So many are sorted by insertion before runs are merged. */
  private static final int RUN = 8;

  private final byte[][] values;
  private final int from;

  /** Eight bytes of each value after those that all have, as numbers whose order is theirs. */
  private final long[] heads;

  private BytesOrder(byte[][] values, int from, int to) {
    this.values = values;
    this.from = from;
    this.heads = new long[to - from];
    int same = same(values, from, to);
    for (int i = 0; i < heads.length; i++) {
      heads[i] = head(values[from + i], same);
    }
  }

  /**
   * The numbers {@code from} to {@code to - 1} in the order of the values of these numbers; those
   * of equal values ascend.
   */
  public static int[] of(byte[][] values, int from, int to) {
    return new BytesOrder(values, from, to).sorted();
  }

  /** How many of their first bytes all values have in common. */
  private static int same(byte[][] values, int from, int to) {
    int same = from < to ? values[from].length : 0;
    for (int i = from + 1; i < to; i++) {
      int length = Math.min(same, values[i].length);
      int differs = Arrays.mismatch(values[from], 0, length, values[i], 0, length);
      same = differs < 0 ? length : differs;
    }
    return same;
  }

  private static long head(byte[] value, int at) {
    long head = 0;
    for (int i = at; i < at + Long.BYTES; i++) {
      head = head << 8 | (i < value.length ? value[i] & 0xFF : 0);
    }
    // Signed comparison of these is unsigned comparison of the bytes.
    return head ^ Long.MIN_VALUE;
  }

  private int[] sorted() {
    int count = heads.length;
    int[] order = new int[count];
    for (int start = 0; start < count; start += RUN) {
      insert(order, start, Math.min(count, start + RUN));
    }
    int[] other = new int[count];
    for (int width = RUN; width < count; width *= 2) {
      for (int start = 0; start < count; start += 2 * width) {
        int middle = Math.min(count, start + width);
        merge(order, start, middle, Math.min(count, middle + width), other);
      }
      int[] sorted = other;
      other = order;
      order = sorted;
    }
    for (int i = 0; i < count; i++) {
      order[i] += from;
    }
    return order;
  }

  private void insert(int[] order, int start, int end) {
    for (int i = start; i < end; i++) {
      int at = i;
      for (; at > start && isBelow(i, order[at - 1]); at--) {
        order[at] = order[at - 1];
      }
      order[at] = i;
    }
  }

  private void merge(int[] order, int start, int middle, int end, int[] out) {
    int left = start;
    int right = middle;
    for (int at = start; at < end; at++) {
      boolean second = left == middle || right < end && isBelow(order[right], order[left]);
      out[at] = order[second ? right++ : left++];
    }
  }

  private boolean isBelow(int a, int b) {
    return heads[a] != heads[b]
        ? heads[a] < heads[b]
        : Arrays.compareUnsigned(values[from + a], values[from + b]) < 0;
  }
}
