package io.slab.ann;

import io.slab.format.section.DenseRows;
import io.slab.model.Metric;

/** Scores rows canonically, some at a time, and keeps the nearest. One thread only. */
final class Rescorer {
  private final DenseRows rows;
  private final Reranker reranker;
  private final boolean cosine;
  private final TopRows top;
  private final int[] pending = new int[Reranker.WIDTH];
  private final float[] scores = new float[Reranker.WIDTH];
  private int pendingCount;
  private long rescored;

  Rescorer(IvfIndex index, DenseRows rows, AnnKernels kernels) {
    this.rows = rows;
    this.reranker = kernels.reranker(index.metric(), index.dimension());
    this.cosine = index.metric() == Metric.COSINE;
    this.top =
        new TopRows(
            index.metric().largerIsNearer(), index.cells() == 1 ? row -> row : index::rankOf);
  }

  /** Forgets all rows; k are wanted. */
  void start(int k) {
    top.start(k);
    // Some may be left where the search before failed.
    pendingCount = 0;
    rescored = 0;
  }

  void prepare(float[] query) {
    reranker.prepare(query);
  }

  /** Scores some rows and keeps none. */
  void scores(float[] query, int[] ordinals, int count, float[] out) {
    reranker.prepare(query);
    for (int first = 0; first < count; first += Reranker.WIDTH) {
      int width = Math.min(Reranker.WIDTH, count - first);
      System.arraycopy(ordinals, first, pending, 0, width);
      reranker.score(rows, pending, width, scores);
      System.arraycopy(scores, 0, out, first, width);
    }
    rescored += count;
  }

  /** Scores the rows of a list until none of those left can be among the nearest. */
  void score(Shortlist list) {
    list.forEach(this::take);
    flush();
  }

  private boolean take(int row, float bound, float key) {
    if (top.full() && bound > threshold()) {
      return false;
    }
    offer(row);
    return true;
  }

  void offer(int row) {
    pending[pendingCount++] = row;
    if (pendingCount == Reranker.WIDTH) {
      flush();
    }
  }

  /** Scores what still waits. */
  void flush() {
    if (pendingCount == 0) {
      return;
    }
    reranker.score(rows, pending, pendingCount, scores);
    rescored += pendingCount;
    for (int i = 0; i < pendingCount; i++) {
      top.add(pending[i], scores[i]);
    }
    pendingCount = 0;
  }

  /** The largest key of the index space that can still matter; call when k rows are known. */
  private float threshold() {
    float worst = top.worstKey();
    return cosine ? 2 + 2 * worst : worst;
  }

  TopRows top() {
    return top;
  }

  /** Rows scored. */
  long rescored() {
    return rescored;
  }
}
