package io.slab.ann;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** Hands out cells in ascending order of a key, as a lazy heap. One thread only. */
final class ProbeOrder {
  /** Key in the high half, made sortable as an integer; cell in the low half. */
  private long[] heap = new long[0];

  private int size;

  void start(float[] keys, int cells) {
    if (heap.length < cells) {
      heap = new long[cells];
    }
    size = cells;
    for (int cell = 0; cell < cells; cell++) {
      int bits = Float.floatToIntBits(keys[cell]);
      heap[cell] = (long) (bits ^ (bits >> 31 & 0x7FFFFFFF)) << 32 | cell;
    }
    heapify();
  }

  private void heapify() {
    for (int i = size / 2 - 1; i >= 0; i--) {
      down(i);
    }
  }

  /** Keeps some of the cells that are left. */
  void retain(IntPredicate wanted) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (wanted.test((int) heap[i])) {
        heap[kept++] = heap[i];
      }
    }
    size = kept;
    heapify();
  }

  boolean isEmpty() {
    return size == 0;
  }

  int next() {
    int cell = (int) heap[0];
    heap[0] = heap[--size];
    down(0);
    return cell;
  }

  /** The cells that come next, at most {@code count}, without taking them. */
  int[] peek(int count) {
    ProbeOrder copy = new ProbeOrder();
    copy.heap = Arrays.copyOf(heap, size);
    copy.size = size;
    int[] cells = new int[Math.min(count, size)];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = copy.next();
    }
    return cells;
  }

  private void down(int from) {
    int i = from;
    long moved = heap[i];
    for (int child = 2 * i + 1; child < size; child = 2 * i + 1) {
      if (child + 1 < size && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= moved) {
        break;
      }
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = moved;
  }

  /** All keys left, for tests. */
  long[] remaining() {
    return Arrays.copyOf(heap, size);
  }
}
