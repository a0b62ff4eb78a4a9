package io.slab.ann;

import java.util.Arrays;

/**
 * The rows that codes cannot exclude, each with a bound that its key is hardly below. The k best
 * estimates among them, each made worse by a part of its error, give the threshold: a row whose
 * bound is above it is hardly among the k nearest. Rows come in any order; those that a later
 * threshold excludes are forgotten when room is needed. Memory: 12 bytes a row. One thread only.
 */
final class Shortlist {
  /**
   * The best estimates of many are mostly better than the truth. Taking them for worse by this part
   * of their error bound makes up for that.
   */
  private static final float DOUBT = 0.25f;

  private static final int ROOM = 256;

  /** What one search needed beyond it, as among very many equal rows, is not kept for the next. */
  private static final int MOST_ROOM = 1 << 14;

  private int[] rows = new int[ROOM];
  private float[] bounds = new float[ROOM];
  private float[] keys = new float[ROOM];
  private long[] order = new long[ROOM];
  private int size;
  private final Smallest nearest = new Smallest();
  private float threshold;
  private int limit;
  private long kept;

  void start(int k) {
    nearest.start(k);
    clear(k);
  }

  /** Starts with the keys of rows of other slabs, which count among the k nearest. */
  void startWith(NearestKeys known, int k) {
    nearest.startWith(known.keys());
    clear(k);
  }

  private void clear(int k) {
    if (rows.length > MOST_ROOM) {
      rows = new int[ROOM];
      bounds = new float[ROOM];
      keys = new float[ROOM];
      order = new long[ROOM];
    }
    limit = k;
    size = 0;
    kept = 0;
    threshold = nearest.isFull() ? nearest.largest() : Float.POSITIVE_INFINITY;
  }

  /** Rows wanted. */
  int limit() {
    return limit;
  }

  /** True when k rows are known, so that others can be excluded. */
  boolean full() {
    return nearest.isFull();
  }

  /** A key that those of the k nearest are hardly above; infinite until k rows are known. */
  float threshold() {
    return threshold;
  }

  /** Rows that were among the k nearest when they came. */
  long kept() {
    return kept;
  }

  /** Adds a row unless its bound excludes it. */
  void add(int row, float estimate, float bound) {
    if (bound > threshold) {
      return;
    }
    if (size == rows.length) {
      makeRoom();
    }
    float key = estimate + DOUBT * (estimate - bound);
    rows[size] = row;
    bounds[size] = bound;
    keys[size++] = key;
    if (full() && !(key < threshold)) {
      return;
    }
    nearest.add(key);
    kept++;
    if (full()) {
      threshold = nearest.largest();
    }
  }

  /** Forgets what the threshold excludes; where that is little, takes more room. */
  private void makeRoom() {
    prune();
    if (size > rows.length / 2) {
      rows = Arrays.copyOf(rows, 2 * rows.length);
      bounds = Arrays.copyOf(bounds, rows.length);
      keys = Arrays.copyOf(keys, rows.length);
    }
  }

  private void prune() {
    int left = 0;
    for (int i = 0; i < size; i++) {
      if (!(bounds[i] > threshold)) {
        rows[left] = rows[i];
        bounds[left] = bounds[i];
        keys[left++] = keys[i];
      }
    }
    size = left;
  }

  /** A copy of the rows that are left. */
  Survivors survivors() {
    prune();
    return new Survivors(
        Arrays.copyOf(rows, size), Arrays.copyOf(bounds, size), Arrays.copyOf(keys, size));
  }

  /**
   * Hands out the rows that are left, those of the least bound first, until the taker has enough;
   * rows of equal bounds as they came. A bound that is no number excludes nothing, so such rows
   * come before all. The list stays as it is.
   */
  void forEach(Taker taker) {
    prune();
    if (order.length < size) {
      order = new long[rows.length];
    }
    for (int i = 0; i < size; i++) {
      order[i] = BoundOrder.entry(bounds[i], i);
    }
    Arrays.sort(order, 0, size);
    for (int next = 0; next < size; next++) {
      int i = BoundOrder.place(order[next]);
      if (!taker.take(rows[i], bounds[i], keys[i])) {
        return;
      }
    }
  }

  /** Takes rows. */
  interface Taker {
    /**
     * @param key what the row's key is taken for
     * @return false when no row of a larger bound is wanted
     */
    boolean take(int row, float bound, float key);
  }
}
