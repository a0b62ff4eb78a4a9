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
  private RowsAhead ahead;
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

  /**
   * Lets what rows are taken for stand for the scores of rows that are not at hand.
   *
   * @param rowsAhead takes note of them; null for a search that reads its rows
   */
  void ahead(RowsAhead rowsAhead) {
    ahead = rowsAhead;
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
    if (ahead != null) {
      ahead.assume(pendingCount, key);
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
    if (ahead == null) {
      reranker.score(rows, pending, pendingCount, scores);
    } else {
      scoreAhead();
    }
    rescored += pendingCount;
    for (int i = 0; i < pendingCount; i++) {
      top.add(pending[i], scores[i]);
    }
    pendingCount = 0;
  }

  /** Scores the rows that are at hand, one by one. */
  private void scoreAhead() {
    int[] one = new int[1];
    float[] score = new float[1];
    for (int i = 0; i < pendingCount; i++) {
      if (ahead.isAtHand(pending[i])) {
        one[0] = pending[i];
        reranker.score(rows, one, 1, score);
        scores[i] = score[0];
      } else {
        scores[i] = ahead.score(i, pending[i]);
      }
    }
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
