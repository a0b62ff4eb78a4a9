package io.slab.ann;

import io.slab.format.DenseRows;
import io.slab.model.Metric;

/** {@link Reranker} in plain loops. */
final class ScalarReranker implements Reranker {
  private final Metric metric;
  private final float[] row;
  private float[] query;
  private double queryNorm;

  ScalarReranker(Metric metric, int dimension) {
    this.metric = metric;
    this.row = new float[dimension];
  }

  @Override
  public void prepare(float[] vector) {
    query = vector;
    queryNorm = Math.sqrt(dot(vector, vector));
  }

  @Override
  public void score(DenseRows rows, int[] ordinals, int count, float[] scores) {
    for (int i = 0; i < count; i++) {
      rows.copy(ordinals[i], row);
      scores[i] =
          switch (metric) {
            case DOTPRODUCT -> (float) dot(query, row);
            case EUCLIDEAN -> (float) squaredDistance(query, row);
            case COSINE -> cosine(dot(query, row), queryNorm, dot(row, row));
          };
    }
  }

  static float cosine(double dot, double queryNorm, double rowSquare) {
    double cosine = dot / (queryNorm * Math.sqrt(rowSquare));
    return (float) Math.max(-1, Math.min(1, cosine));
  }

  static double dot(float[] a, float[] b) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 4 <= a.length; i += 4) {
      s0 += (double) a[i] * b[i];
      s1 += (double) a[i + 1] * b[i + 1];
      s2 += (double) a[i + 2] * b[i + 2];
      s3 += (double) a[i + 3] * b[i + 3];
    }
    int rest = a.length - i;
    s0 += rest > 0 ? (double) a[i] * b[i] : 0;
    s1 += rest > 1 ? (double) a[i + 1] * b[i + 1] : 0;
    s2 += rest > 2 ? (double) a[i + 2] * b[i + 2] : 0;
    return (s0 + s1) + (s2 + s3);
  }

  private static double squaredDistance(float[] a, float[] b) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 4 <= a.length; i += 4) {
      s0 += square((double) a[i] - b[i]);
      s1 += square((double) a[i + 1] - b[i + 1]);
      s2 += square((double) a[i + 2] - b[i + 2]);
      s3 += square((double) a[i + 3] - b[i + 3]);
    }
    int rest = a.length - i;
    s0 += rest > 0 ? square((double) a[i] - b[i]) : 0;
    s1 += rest > 1 ? square((double) a[i + 1] - b[i + 1]) : 0;
    s2 += rest > 2 ? square((double) a[i + 2] - b[i + 2]) : 0;
    return (s0 + s1) + (s2 + s3);
  }

  private static double square(double d) {
    return d * d;
  }
}
