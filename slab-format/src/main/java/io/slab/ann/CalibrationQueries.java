package io.slab.ann;

import io.slab.error.CancellationToken;
import io.slab.format.section.DenseRows;
import io.slab.model.Metric;
import io.slab.vector.CanonicalScore;
import java.util.Arrays;

/**
 * Queries made from rows of the slab, each with the row itself left out of its answers: those of
 * even number are the row as it is, those of odd number lie on the way to another random row, half
 * as far off as the tenth neighbour, since real queries lie off the data and between its clusters.
 * With the exact scores of their nearest rows. Immutable.
 *
 * @param rows the row behind each query
 * @param truth for each query the keys (smaller is nearer) of the nearest other rows, ascending
 */
record CalibrationQueries(int[] rows, float[][] vectors, float[][] truth) {
  private static final int NEIGHBOUR = 10;

  /** How far queries are moved, in distances to that neighbour. */
  private static final double SHIFT = 0.5;

  private static final int NEIGHBOUR_ROWS = 16_000;

  static CalibrationQueries sample(
      DenseRows data,
      Metric metric,
      int count,
      int depth,
      long seed,
      int threads,
      AnnKernels kernels) {
    return sample(data, metric, count, depth, seed, threads, kernels, CancellationToken.NONE);
  }

  /**
   * @param depth neighbours of each query to know, below the number of rows
   * @param work hears how far it is
   */
  static CalibrationQueries sample(
      DenseRows data,
      Metric metric,
      int count,
      int depth,
      long seed,
      int threads,
      AnnKernels kernels,
      CancellationToken work) {
    int[] rows = Sample.positions(data.rows(), Math.min(count, data.rows()), seed);
    float[][] vectors = new float[rows.length][data.dimension()];
    for (int i = 0; i < rows.length; i++) {
      data.copy(rows[i], vectors[i]);
    }
    // How far neighbours lie need not be known exactly: a part of the rows tells.
    DenseRows part = Subset.of(data, NEIGHBOUR_ROWS, seed + 1);
    int rank = Math.max(1, (int) ((long) NEIGHBOUR * part.rows() / data.rows()));
    int[] none = new int[rows.length];
    Arrays.fill(none, -1);
    float[][] near =
        GroundTruth.keys(
            part, metric, none, vectors, rank, threads, kernels, CancellationToken.NONE);
    for (int i = 1; i < rows.length; i += 2) {
      int other = new SplitMix64(SplitMix64.at(seed, rows[i])).below(data.rows());
      move(vectors[i], near[i][near[i].length - 1], metric, data, other);
    }
    return new CalibrationQueries(
        rows,
        vectors,
        GroundTruth.keys(data, metric, rows, vectors, depth, threads, kernels, work));
  }

  private static void move(float[] vector, float key, Metric metric, DenseRows data, int other) {
    float[] target = new float[vector.length];
    data.copy(other, target);
    double square = CanonicalScore.dot(vector, vector);
    double between = Math.sqrt(CanonicalScore.squaredDistance(vector, target));
    double length =
        switch (metric) {
          case EUCLIDEAN -> Math.sqrt(Math.max(0, key));
          case COSINE -> Math.sqrt(square * Math.max(0, 2 + 2 * (double) key));
          // Scores say nothing about distances here.
          case DOTPRODUCT -> 0.5 * between;
        };
    // Never more than half of the way: from there on the other row is the nearer one.
    double part = between > 0 ? Math.min(0.5, SHIFT * length / between) : 0;
    for (int d = 0; d < vector.length; d++) {
      vector[d] += (float) (part * ((double) target[d] - vector[d]));
    }
  }
}
