package io.slab.bench;

import io.slab.model.SparseVector;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Postings in memory, and the simplest search over them: what an inverted index is measured by. */
final class PlainPostings {
  private static final class List {
    int[] rows = new int[8];
    float[] weights = new float[8];
    int size;
  }

  private final Map<Integer, List> lists = new HashMap<>();
  private final float[] sums;

  PlainPostings(int rows) {
    sums = new float[rows];
  }

  void add(int row, SparseVector vector) {
    for (int i = 0; i < vector.size(); i++) {
      List list = lists.computeIfAbsent(vector.indices()[i], dimension -> new List());
      if (list.size == list.rows.length) {
        list.rows = Arrays.copyOf(list.rows, 2 * list.size);
        list.weights = Arrays.copyOf(list.weights, 2 * list.size);
      }
      list.rows[list.size] = row;
      list.weights[list.size++] = vector.weights()[i];
    }
  }

  /** Rows of the k largest sums, in no order. */
  int[] nearest(SparseVector query, int k) {
    Arrays.fill(sums, 0);
    for (int i = 0; i < query.size(); i++) {
      List list = lists.get(query.indices()[i]);
      if (list != null) {
        add(list.rows, list.weights, list.size, query.weights()[i]);
      }
    }
    return best(k);
  }

  private void add(int[] rows, float[] weights, int size, float weight) {
    for (int p = 0; p < size; p++) {
      sums[rows[p]] += weight * weights[p];
    }
  }

  private int[] best(int k) {
    int[] best = new int[k];
    float[] keys = new float[k];
    Arrays.fill(keys, Float.NEGATIVE_INFINITY);
    for (int row = 0; row < sums.length; row++) {
      if (sums[row] > keys[0]) {
        int at = 0;
        for (; at + 1 < k && keys[at + 1] < sums[row]; at++) {
          keys[at] = keys[at + 1];
          best[at] = best[at + 1];
        }
        keys[at] = sums[row];
        best[at] = row;
      }
    }
    return best;
  }
}
