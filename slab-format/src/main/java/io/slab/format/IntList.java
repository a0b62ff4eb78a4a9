package io.slab.format;

import java.util.Arrays;

/** A growing array of ints. One thread only. */
final class IntList {
  private int[] values = new int[8];
  private int size;

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, Math.toIntExact(Math.min(size * 2L, Integer.MAX_VALUE - 8)));
    }
    values[size++] = value;
  }

  int size() {
    return size;
  }

  int get(int index) {
    return values[index];
  }

  int[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
