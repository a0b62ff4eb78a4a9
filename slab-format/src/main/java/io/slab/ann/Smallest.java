package io.slab.ann;

/**
 * The k smallest of some numbers: tells first how large they are, and then which belong to them.
 * Numbers that are none count as infinite. One thread only.
 */
final class Smallest {
  private float[] heap = new float[16];
  private int limit;
  private int size;
  private int ties;

  void start(int k) {
    if (heap.length < k) {
      heap = new float[k];
    }
    limit = k;
    size = 0;
    ties = -1;
  }

  /** Starts with what another has. */
  void startWith(Smallest other) {
    start(other.limit);
    System.arraycopy(other.heap, 0, heap, 0, other.size);
    size = other.size;
  }

  /** How many are wanted. */
  int limit() {
    return limit;
  }

  /** True when k numbers are known. */
  boolean isFull() {
    return size == limit;
  }

  void add(float value) {
    if (size < limit) {
      up(size++, orInfinite(value));
    } else if (value < heap[0]) {
      down(value);
    }
  }

  /** The largest of them; call when there is one. */
  float largest() {
    return heap[0];
  }

  /**
   * True for those that belong to the k smallest, when all are asked about again after the last was
   * added; of equal ones the first.
   */
  boolean take(float number) {
    float value = orInfinite(number);
    float largest = heap[0];
    if (value < largest) {
      return true;
    }
    if (value > largest) {
      return false;
    }
    if (ties < 0) {
      ties = 0;
      for (int i = 0; i < size; i++) {
        ties += heap[i] == largest ? 1 : 0;
      }
    }
    return ties > 0 && ties-- > 0;
  }

  private static float orInfinite(float value) {
    return Float.isNaN(value) ? Float.POSITIVE_INFINITY : value;
  }

  private void up(int from, float value) {
    int i = from;
    while (i > 0 && heap[(i - 1) / 2] < value) {
      heap[i] = heap[(i - 1) / 2];
      i = (i - 1) / 2;
    }
    heap[i] = value;
  }

  private void down(float value) {
    int i = 0;
    for (int child = 1; child < size; child = 2 * i + 1) {
      if (child + 1 < size && heap[child + 1] > heap[child]) {
        child++;
      }
      if (heap[child] <= value) {
        break;
      }
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = value;
  }
}
