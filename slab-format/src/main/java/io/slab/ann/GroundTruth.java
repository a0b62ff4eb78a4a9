package io.slab.ann;

import io.slab.error.CancellationToken;
import io.slab.error.WorkPhase;
import io.slab.format.section.DenseRows;
import io.slab.model.Metric;
import io.slab.vector.CanonicalScore;
import java.util.Arrays;

/**
 * The exact scores of the nearest rows of many queries. Each row meets a group of queries at once
 * in single precision, which tells nearly all rows apart; what may be among the nearest is scored
 * canonically, so the result depends on neither kernels nor threads. One thread only.
 */
final class GroundTruth {
  /** As many as the product kernel takes in one pass over a row. */
  private static final int GROUP = 4 * AnnKernels.PANEL;

  /** Rows that are counted together. */
  private static final int STEP = 256;

  /** Relative error of one operation in single precision. */
  private static final double ROUNDING = 0x1p-24;

  private final DenseRows data;
  private final Metric metric;
  private final AnnKernels kernels;
  private final int count;
  private final Cells panels;
  private final double[] scale;
  private final double[] offset;
  private final double[] limit;
  private final double error;
  private final TopRows[] tops;
  private final Reranker[] scorers;
  private final int[] pending;
  private final int[] pendingCount;
  private final float[] scores = new float[Reranker.WIDTH];
  private final int[] ordinals = new int[Reranker.WIDTH];

  private GroundTruth(
      DenseRows data, Metric metric, float[][] vectors, int from, int to, int depth, AnnKernels k) {
    this.data = data;
    this.metric = metric;
    this.kernels = k;
    count = to - from;
    panels = Cells.allocate(count, data.dimension());
    scale = new double[count];
    offset = new double[count];
    limit = new double[count];
    // A chain of multiply-adds, and some more for the norms.
    error = 1.1 * (data.dimension() + 8) * ROUNDING;
    tops = new TopRows[count];
    scorers = new Reranker[count];
    pending = new int[count * Reranker.WIDTH];
    pendingCount = new int[count];
    Arrays.fill(limit, Double.POSITIVE_INFINITY);
    for (int q = 0; q < count; q++) {
      prepare(q, vectors[from + q], depth);
    }
  }

  /** As below, without a listener for its progress. */
  static float[][] keys(
      DenseRows data,
      Metric metric,
      int[] self,
      float[][] vectors,
      int depth,
      int threads,
      AnnKernels kernels) {
    return keys(data, metric, self, vectors, depth, threads, kernels, CancellationToken.NONE);
  }

  /**
   * The keys (smaller is nearer) of the nearest rows of each query, ascending.
   *
   * @param self for each query a row that does not count, or -1
   * @param depth keys wanted, at most the rows that count
   * @param work hears how far it is
   */
  static float[][] keys(
      DenseRows data,
      Metric metric,
      int[] self,
      float[][] vectors,
      int depth,
      int threads,
      AnnKernels kernels,
      CancellationToken work) {
    float[][] keys = new float[vectors.length][];
    int tasks = (vectors.length + GROUP - 1) / GROUP;
    WorkPhase phase = new WorkPhase(work, "exact neighbours", null, (long) tasks * data.rows());
    Parallel.run(
        threads,
        tasks,
        task -> {
          int from = task * GROUP;
          int to = Math.min(vectors.length, from + GROUP);
          GroundTruth group = new GroundTruth(data, metric, vectors, from, to, depth, kernels);
          group.scan(Arrays.copyOfRange(self, from, to), phase);
          for (int q = from; q < to; q++) {
            keys[q] = group.tops[q - from].keys();
          }
        });
    return keys;
  }

  private void prepare(int q, float[] vector, int depth) {
    tops[q] = new TopRows(metric.largerIsNearer(), row -> row);
    tops[q].start(depth);
    scorers[q] = kernels.reranker(metric, data.dimension());
    scorers[q].prepare(vector);
    double square = CanonicalScore.dot(vector, vector);
    double norm = Math.sqrt(square);
    scale[q] = metric == Metric.DOTPRODUCT ? norm : 1;
    offset[q] =
        switch (metric) {
          case EUCLIDEAN -> (1 - error) * square;
          case COSINE -> -error;
          case DOTPRODUCT -> 0;
        };
    float[] panel = vector;
    if (metric == Metric.COSINE) {
      panel = new float[vector.length];
      for (int d = 0; d < panel.length; d++) {
        panel[d] = (float) (vector[d] / norm);
      }
    }
    panels.set(q, panel);
  }

  private void scan(int[] self, WorkPhase phase) {
    float[] row = new float[data.dimension()];
    int width = Cells.panelCount(count);
    float[] dots = new float[width * AnnKernels.PANEL];
    for (int r = 0; r < data.rows(); r++) {
      data.copy(r, row);
      kernels.dots(row, panels.panels(), width, dots);
      sieve(r, CanonicalScore.dot(row, row), dots, self);
      if ((r + 1) % STEP == 0 || r + 1 == data.rows()) {
        phase.add((r % STEP) + 1);
      }
    }
    for (int q = 0; q < count; q++) {
      flush(q);
    }
  }

  /** Takes a row on for every query that it may be near to: its key is at least the bound. */
  private void sieve(int row, double square, float[] dots, int[] self) {
    double norm = Math.sqrt(square);
    double add =
        switch (metric) {
          case EUCLIDEAN -> (1 - error) * square;
          case COSINE -> 0;
          case DOTPRODUCT -> -error * norm;
        };
    double factor =
        switch (metric) {
          case EUCLIDEAN -> 2;
          case COSINE -> 1 / norm;
          case DOTPRODUCT -> 1;
        };
    for (int q = 0; q < count; q++) {
      double bound = add * scale[q] + offset[q] - factor * dots[q];
      // Not greater, rather than at most: zero vectors and infinities are left to the exact score.
      if (!(bound > limit[q]) && row != self[q]) {
        pending[q * Reranker.WIDTH + pendingCount[q]++] = row;
        if (pendingCount[q] == Reranker.WIDTH) {
          flush(q);
        }
      }
    }
  }

  private void flush(int q) {
    int size = pendingCount[q];
    if (size == 0) {
      return;
    }
    System.arraycopy(pending, q * Reranker.WIDTH, ordinals, 0, size);
    scorers[q].score(data, ordinals, size, scores);
    for (int i = 0; i < size; i++) {
      tops[q].add(ordinals[i], scores[i]);
    }
    pendingCount[q] = 0;
    limit[q] = tops[q].full() ? tops[q].worstKey() : Double.POSITIVE_INFINITY;
  }
}
