package io.slab.ann;

import io.slab.format.DenseRows;
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
  private long kept;

  Rescorer(IvfIndex index, DenseRows rows, AnnKernels kernels) {
    this.rows = rows;
    this.reranker = kernels.reranker(index.metric(), index.dimension());
    this.cosine = index.metric() == Metric.COSINE;
    this.top = new TopRows(index.metric().largerIsNearer());
  }

  /** Forgets all rows; k are wanted. */
  void start(int k) {
    top.start(k);
    rescored = 0;
    kept = 0;
  }

  void prepare(float[] query) {
    reranker.prepare(query);
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
      kept += top.add(pending[i], scores[i]) ? 1 : 0;
    }
    pendingCount = 0;
  }

  /** The largest key of the index space that can still matter; call when k rows are known. */
  float threshold() {
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

  /** Rows that were among the nearest when they were scored. */
  long kept() {
    return kept;
  }
}
