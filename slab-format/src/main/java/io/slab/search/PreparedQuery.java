package io.slab.search;

import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.vector.CanonicalScore;
import io.slab.vector.DenseKernel;
import io.slab.vector.ErrorBound;

/**
 * One query, prepared. Inside the engine scores are handled as <em>keys</em>, where larger is
 * always nearer: the score itself, or the negated distance. Immutable but for the threshold; shared
 * by all threads.
 */
final class PreparedQuery {
  private final Metric metric;
  private final float[] vector;
  private final SparseVector sparse;
  private final double squaredNorm;
  private final int topK;
  private final double recall;
  private final boolean approximate;
  private final Threshold threshold = new Threshold();
  private final float[] kernelVector;
  private final ErrorBound singleBound;
  private final ErrorBound tileBound;

  PreparedQuery(IndexSpec spec, QueryRequest request, DenseKernel kernel) {
    vector = request.vector();
    // Sparse values have a product alone, beside dense ones of any metric.
    metric = vector == null ? Metric.DOTPRODUCT : spec.metric();
    sparse = request.sparse();
    topK = request.topK();
    recall = request.recall();
    approximate = request.isApproximate();
    squaredNorm = vector == null ? 0 : CanonicalScore.dot(vector, vector);
    kernelVector = metric == Metric.COSINE ? unit(vector, squaredNorm) : vector;
    singleBound = vector == null ? null : bound(kernel.depth(vector.length));
    tileBound = vector == null ? null : bound(kernel.tileDepth(vector.length));
  }

  private static float[] unit(float[] vector, double squaredNorm) {
    double scale = 1 / Math.sqrt(squaredNorm);
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] * scale);
    }
    return unit;
  }

  private ErrorBound bound(int depth) {
    ErrorBound bound =
        switch (metric) {
          case DOTPRODUCT -> ErrorBound.dot(depth, vector.length, Math.sqrt(squaredNorm));
          case COSINE -> ErrorBound.cosine(depth, vector.length);
          case EUCLIDEAN -> ErrorBound.squaredDistance(depth, vector.length);
        };
    return sparse == null ? bound : bound.plusDouble();
  }

  Metric metric() {
    return metric;
  }

  int topK() {
    return topK;
  }

  /** The values as they came, or null. */
  float[] vector() {
    return vector;
  }

  double recall() {
    return recall;
  }

  /** True when an approximate index over the dense values may answer this. */
  boolean isApproximate() {
    return approximate;
  }

  Threshold threshold() {
    return threshold;
  }

  SparseVector sparse() {
    return sparse;
  }

  boolean isDense() {
    return vector != null;
  }

  /** The canonical inner product of the sparse parts; both must be there. */
  double sparseDot(SparseVector row) {
    return CanonicalScore.sparseDot(sparse, row);
  }

  /** The dense values as kernels take them: of norm 1 under cosine. */
  float[] kernelVector() {
    return kernelVector;
  }

  ErrorBound bound(boolean tile) {
    return tile ? tileBound : singleBound;
  }

  /**
   * The canonical score of a record as a double; arrays of the record may be null where the index
   * has no such part.
   */
  double canonical(float[] rowVector, SparseVector rowSparse) {
    double sparseDot = sparse == null || rowSparse == null ? 0 : sparseDot(rowSparse);
    if (vector == null) {
      return sparseDot;
    }
    double dense =
        metric == Metric.COSINE
            ? CanonicalScore.cosine(
                CanonicalScore.dot(vector, rowVector),
                squaredNorm,
                CanonicalScore.dot(rowVector, rowVector))
            : CanonicalScore.dense(metric, vector, rowVector);
    return sparse == null ? dense : dense + sparseDot;
  }

  /** The key of a canonical score; never -0.0, which would be one more way to write 0.0. */
  float key(double canonical) {
    float score = (float) canonical;
    return (metric.largerIsNearer() ? score : -score) + 0.0f;
  }

  /** The score of a key. */
  float score(float key) {
    return (metric.largerIsNearer() ? key : -key) + 0.0f;
  }

  /**
   * Whether a record with this key may be an answer: sparse indexes drop those that share nothing
   * with the query.
   */
  boolean admits(float key) {
    return vector != null || key != 0;
  }
}
