package io.slab.ingest;

/** Sorts row numbers by what they stand for. */
final class RowOrder {
  /** Order of two rows. */
  @FunctionalInterface
  interface Comparison {
    int compare(int a, int b);
  }

  private RowOrder() {}

  /** Sorts in place; rows that compare equal stay in their order. Needs as much memory again. */
  static void sort(int[] rows, Comparison order) {
    merge(rows.clone(), rows, 0, rows.length, order);
  }

  /** Sorts {@code [from, to)}, which both arrays hold alike, into {@code target}. */
  private static void merge(int[] source, int[] target, int from, int to, Comparison order) {
    if (to - from < 2) {
      return;
    }
    int middle = (from + to) >>> 1;
    merge(target, source, from, middle, order);
    merge(target, source, middle, to, order);
    int left = from;
    int right = middle;
    for (int at = from; at < to; at++) {
      boolean takeLeft =
          right >= to || (left < middle && order.compare(source[left], source[right]) <= 0);
      target[at] = takeLeft ? source[left++] : source[right++];
    }
  }
}
