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
}
