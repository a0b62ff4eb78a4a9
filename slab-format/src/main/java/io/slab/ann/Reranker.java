package io.slab.ann;

import io.slab.format.section.DenseRows;

/**
 * Canonical scores of rows against one query (spec/semantics.md, "Scores"), four rows at a time so
 * that their cache misses overlap. One thread only.
 */
interface Reranker {
  /** Rows of one call that cost little more than one. */
  int WIDTH = 4;

  void prepare(float[] query);

  /**
   * Scores {@code count} rows, at most {@link #WIDTH}.
   *
   * @param scores out: canonical score of each
   */
  void score(DenseRows rows, int[] ordinals, int count, float[] scores);
}
