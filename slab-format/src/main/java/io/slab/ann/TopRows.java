package io.slab.ann;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * The k nearest rows seen so far, by score and then by the order of their ids. Scores are turned
 * into keys of which the smaller is nearer. One thread only.
 */
public final class TopRows {
  private final boolean negate;
  private final IntUnaryOperator rank;
  private int[] rows = new int[16];
  private float[] keys = new float[16];
  private int limit;
  private int size;

  /**
   * @param largerIsNearer the metric's sense
   * @param rank of the id of a row, asked for where scores are equal
   */
  TopRows(boolean largerIsNearer, IntUnaryOperator rank) {
    this.negate = largerIsNearer;
    this.rank = rank;
  }

  void start(int k) {
    limit = k;
    size = 0;
  }

  /** Adds a row, the root of the heap is the farthest one kept; false when it is too far. */
  boolean add(int row, float score) {
    float key = negate ? -score : score;
    if (size < limit) {
      if (size == rows.length) {
        int capacity = (int) Math.min(limit, 2L * size);
        rows = Arrays.copyOf(rows, capacity);
        keys = Arrays.copyOf(keys, capacity);
      }
      rows[size] = row;
      keys[size] = key;
      up(size++);
      return true;
    }
    if (!farther(keys[0], rows[0], key, row)) {
      return false;
    }
    rows[0] = row;
    keys[0] = key;
    down(0, size);
    return true;
  }

  /** Rows wanted. */
  int limit() {
    return limit;
  }

  boolean full() {
    return size == limit;
  }

  /** Key of the farthest row kept; call only when {@link #full}. */
  float worstKey() {
    return keys[0];
  }

  /** Sorts, nearest first; nothing may be added after. */
  void finish() {
    for (int end = size - 1; end > 0; end--) {
      swap(0, end);
      down(0, end);
    }
  }

  public int size() {
    return size;
  }

  public int row(int rank) {
    return rows[rank];
  }

  /** Smaller is nearer. */
  float key(int rank) {
    return keys[rank];
  }

  /** All keys, nearest first. */
  float[] keys() {
    finish();
    return Arrays.copyOf(keys, size);
  }

  /** Canonical score. */
  public float score(int rank) {
    return negate ? -keys[rank] : keys[rank];
  }

  private boolean farther(float keyA, int rowA, float keyB, int rowB) {
    int order = Float.compare(keyA, keyB);
    return order != 0 ? order > 0 : rank.applyAsInt(rowA) > rank.applyAsInt(rowB);
  }

  private void up(int from) {
    int i = from;
    while (i > 0) {
      int parent = (i - 1) / 2;
      if (!farther(keys[i], rows[i], keys[parent], rows[parent])) {
        return;
      }
      swap(i, parent);
      i = parent;
    }
  }

  private void down(int from, int end) {
    int i = from;
    while (true) {
      int child = 2 * i + 1;
      if (child >= end) {
        return;
      }
      if (child + 1 < end && farther(keys[child + 1], rows[child + 1], keys[child], rows[child])) {
        child++;
      }
      if (!farther(keys[child], rows[child], keys[i], rows[i])) {
        return;
      }
      swap(i, child);
      i = child;
    }
  }

  private void swap(int a, int b) {
    int row = rows[a];
    rows[a] = rows[b];
    rows[b] = row;
    float key = keys[a];
    keys[a] = keys[b];
    keys[b] = key;
  }
}
