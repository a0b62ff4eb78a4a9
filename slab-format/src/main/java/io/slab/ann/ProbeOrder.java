package io.slab.ann;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Hands out cells in ascending order of a key. Most searches end within a few cells: those that
 * come first are told from the others by one comparison each and lie in a heap, and the others join
 * it when it is empty. One thread only.
 */
final class ProbeOrder {
  /** Up to so many cells all go into the heap at once. */
  private static final int ALL = 96;

  /** Keys looked at to part the cells, and the rank among them that parts. */
  private static final int SAMPLE = 32;

  private static final int SAMPLE_RANK = 3;

  /** Key in the high half, made sortable as an integer; cell in the low half. */
  private long[] heap = new long[0];

  private int size;

  /** Cells that come after all of the heap, in no order. */
  private long[] later = new long[0];

  private int laterSize;

  /** All of the heap is at most this, all of what comes later is more. */
  private long pivot;

  void start(float[] keys, int cells) {
    if (heap.length < cells) {
      heap = new long[cells];
      later = new long[cells];
    }
    pivot = cells <= ALL ? Long.MAX_VALUE : pivot(keys, cells);
    int near = 0;
    int far = 0;
    for (int cell = 0; cell < cells; cell++) {
      long entry = entry(keys[cell], cell);
      heap[near] = entry;
      later[far] = entry;
      int isFar = isLess(pivot, entry);
      near += 1 - isFar;
      far += isFar;
    }
    size = near;
    laterSize = far;
    heapify();
  }

  private static long entry(float key, int cell) {
    int bits = Float.floatToIntBits(key);
    return (long) (bits ^ (bits >> 31 & 0x7FFFFFFF)) << 32 | cell;
  }

  /** 1 where a is less than b, else 0; not a branch, which nothing could foresee. */
  private static int isLess(long a, long b) {
    long difference = a - b;
    return (int) ((difference ^ ((a ^ b) & (difference ^ a))) >>> 63);
  }

  private static long pivot(float[] keys, int cells) {
    long[] least = new long[SAMPLE_RANK];
    Arrays.fill(least, Long.MAX_VALUE);
    for (int i = 0; i < SAMPLE; i++) {
      int cell = (int) ((long) i * cells / SAMPLE);
      long entry = entry(keys[cell], cell);
      for (int rank = 0; rank < SAMPLE_RANK; rank++) {
        long larger = Math.max(entry, least[rank]);
        least[rank] = Math.min(entry, least[rank]);
        entry = larger;
      }
    }
    return least[SAMPLE_RANK - 1];
  }

  private void heapify() {
    for (int i = size / 2 - 1; i >= 0; i--) {
      down(i);
    }
  }

  /** Puts all that is left into the heap. */
  private void join() {
    append();
    heapify();
  }

  private void append() {
    System.arraycopy(later, 0, heap, size, laterSize);
    size += laterSize;
    laterSize = 0;
    pivot = Long.MAX_VALUE;
  }

  /** Puts a cell back that was taken, with another key. */
  void add(float key, int cell) {
    long entry = entry(key, cell);
    if (entry > pivot) {
      later[laterSize++] = entry;
      return;
    }
    int i = size++;
    for (; i > 0 && heap[(i - 1) / 2] > entry; i = (i - 1) / 2) {
      heap[i] = heap[(i - 1) / 2];
    }
    heap[i] = entry;
  }

  /** Gives the cells that are left other keys. */
  void reorder(CellKey key) {
    append();
    for (int i = 0; i < size; i++) {
      int cell = (int) heap[i];
      heap[i] = entry(key.of(cell), cell);
    }
    heapify();
  }

  /** Of which the smaller comes first. */
  interface CellKey {
    float of(int cell);
  }

  /** Keeps some of the cells that are left. */
  void retain(IntPredicate wanted) {
    append();
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (wanted.test((int) heap[i])) {
        heap[kept++] = heap[i];
      }
    }
    size = kept;
    heapify();
  }

  /** Cells that were not taken yet. */
  int left() {
    return size + laterSize;
  }

  boolean isEmpty() {
    return size + laterSize == 0;
  }

  int next() {
    if (size == 0) {
      join();
    }
    int cell = (int) heap[0];
    heap[0] = heap[--size];
    down(0);
    return cell;
  }

  /** The cells that come next, at most {@code count}, without taking them. */
  int[] peek(int count) {
    if (size < count) {
      join();
    }
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
}
