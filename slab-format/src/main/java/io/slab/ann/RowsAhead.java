package io.slab.ann;

import io.slab.format.section.DenseRows;
import io.slab.model.Metric;
import java.util.Arrays;

/**
 * A search whose rows are not at hand yet: takes what codes say of a row for its score and notes
 * that the row is missing, so that all rows a search is going to need can be fetched at once. What
 * it leads to is no answer. One thread only.
 */
final class RowsAhead {
  private final DenseRows rows;
  private final Metric metric;
  private final float[] assumed = new float[Reranker.WIDTH];
  private int[] missing = new int[64];
  private int count;

  RowsAhead(DenseRows rows, Metric metric) {
    this.rows = rows;
    this.metric = metric;
  }

  void clear() {
    count = 0;
  }

  /** The rows that were missing, ascending, each once. */
  int[] missing() {
    return Arrays.stream(missing, 0, count).sorted().distinct().toArray();
  }

  /** Notes what a row offered next is taken for. */
  void assume(int place, float key) {
    assumed[place] = key;
  }

  boolean isAtHand(int row) {
    return rows.isAtHand(row);
  }

  /** The score that a missing row is taken to have. */
  float score(int place, int row) {
    if (count == missing.length) {
      missing = Arrays.copyOf(missing, 2 * count);
    }
    missing[count++] = row;
    float key = assumed[place];
    return switch (metric) {
      case EUCLIDEAN -> key;
      case COSINE -> 1 - key / 2;
      case DOTPRODUCT -> -key;
    };
  }
}
