package io.slab.ann;

import java.util.Arrays;

/** Rows to rescore, with the bound and the estimate that speak for them. One thread only. */
final class Candidates {
  int[] rows = new int[256];
  float[] bounds = new float[256];
  float[] estimates = new float[256];
  int size;

  void clear() {
    size = 0;
  }

  void add(int row, float bound, float estimate) {
    if (size == rows.length) {
      rows = Arrays.copyOf(rows, 2 * size);
      bounds = Arrays.copyOf(bounds, 2 * size);
      estimates = Arrays.copyOf(estimates, 2 * size);
    }
    rows[size] = row;
    bounds[size] = bound;
    estimates[size++] = estimate;
  }

  /** Moves the {@code count} smallest estimates to the front, in no order. */
  void selectByEstimate(int count) {
    int low = 0;
    int high = size - 1;
    while (low < high) {
      float pivot = estimates[(low + high) >>> 1];
      int i = low;
      int j = high;
      while (i <= j) {
        while (Float.compare(estimates[i], pivot) < 0) {
          i++;
        }
        while (Float.compare(estimates[j], pivot) > 0) {
          j--;
        }
        if (i <= j) {
          swap(i++, j--);
        }
      }
      if (count <= j) {
        high = j;
      } else if (count >= i) {
        low = i;
      } else {
        return;
      }
    }
  }

  private void swap(int a, int b) {
    int row = rows[a];
    rows[a] = rows[b];
    rows[b] = row;
    float bound = bounds[a];
    bounds[a] = bounds[b];
    bounds[b] = bound;
    float estimate = estimates[a];
    estimates[a] = estimates[b];
    estimates[b] = estimate;
  }
}
