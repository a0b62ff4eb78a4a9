package io.slab.vector;

import io.slab.model.Metric;
import io.slab.model.SparseVector;

/**
 * The scores that every search returns (spec/semantics.md, "Scores"): IEEE double arithmetic in one
 * fixed order and without fused multiply-add, so that the same two vectors give the same bits on
 * any machine, with any number of threads and through any kernel. Dense sums use four accumulators;
 * accumulator j takes the dimensions i with {@code i mod 4 == j} in ascending order, and the total
 * is {@code (a0 + a1) + (a2 + a3)}. A score is the double rounded to a float, and 0.0 where that
 * gives -0.0.
 *
 * <p>With finite input no double here overflows: 20,000 products of two floats stay below 1e82.
 */
public final class CanonicalScore {
  private CanonicalScore() {}

  /** Inner product of two dense vectors of equal length. */
  public static double dot(float[] a, float[] b) {
    int n = a.length;
    double a0 = 0;
    double a1 = 0;
    double a2 = 0;
    double a3 = 0;
    int i = 0;
    for (; i < n - 3; i += 4) {
      a0 += (double) a[i] * (double) b[i];
      a1 += (double) a[i + 1] * (double) b[i + 1];
      a2 += (double) a[i + 2] * (double) b[i + 2];
      a3 += (double) a[i + 3] * (double) b[i + 3];
    }
    if (i < n) {
      a0 += (double) a[i] * (double) b[i];
    }
    if (i + 1 < n) {
      a1 += (double) a[i + 1] * (double) b[i + 1];
    }
    if (i + 2 < n) {
      a2 += (double) a[i + 2] * (double) b[i + 2];
    }
    return (a0 + a1) + (a2 + a3);
  }

  /** Squared Euclidean distance of two dense vectors of equal length. */
  public static double squaredDistance(float[] a, float[] b) {
    int n = a.length;
    double a0 = 0;
    double a1 = 0;
    double a2 = 0;
    double a3 = 0;
    int i = 0;
    for (; i < n - 3; i += 4) {
      a0 += squaredDifference(a[i], b[i]);
      a1 += squaredDifference(a[i + 1], b[i + 1]);
      a2 += squaredDifference(a[i + 2], b[i + 2]);
      a3 += squaredDifference(a[i + 3], b[i + 3]);
    }
    if (i < n) {
      a0 += squaredDifference(a[i], b[i]);
    }
    if (i + 1 < n) {
      a1 += squaredDifference(a[i + 1], b[i + 1]);
    }
    if (i + 2 < n) {
      a2 += squaredDifference(a[i + 2], b[i + 2]);
    }
    return (a0 + a1) + (a2 + a3);
  }

  private static double squaredDifference(float a, float b) {
    double difference = (double) a - (double) b;
    return difference * difference;
  }

  /**
   * Cosine similarity from an inner product and the two squared norms, each summed by {@link #dot}.
   * The quotient can leave [-1, 1] by rounding and is clamped. A vector of norm zero, which no
   * index takes in, is similar to nothing: 0.
   */
  public static double cosine(double dot, double squaredNormA, double squaredNormB) {
    if (squaredNormA == 0 || squaredNormB == 0) {
      return 0;
    }
    double cosine = dot / (Math.sqrt(squaredNormA) * Math.sqrt(squaredNormB));
    return cosine > 1 ? 1 : cosine < -1 ? -1 : cosine;
  }

  /** Inner product of two sparse vectors: one accumulator, ascending unsigned indices. */
  public static double sparseDot(SparseVector a, SparseVector b) {
    int[] ai = a.indices();
    int[] bi = b.indices();
    float[] aw = a.weights();
    float[] bw = b.weights();
    double sum = 0;
    int i = 0;
    int j = 0;
    while (i < ai.length && j < bi.length) {
      int order = Integer.compareUnsigned(ai[i], bi[j]);
      if (order == 0) {
        sum += (double) aw[i++] * (double) bw[j++];
      } else if (order < 0) {
        i++;
      } else {
        j++;
      }
    }
    return sum;
  }

  /** The score of two dense vectors before it is rounded to a float. */
  public static double dense(Metric metric, float[] a, float[] b) {
    return switch (metric) {
      case DOTPRODUCT -> dot(a, b);
      case EUCLIDEAN -> squaredDistance(a, b);
      case COSINE -> cosine(dot(a, b), dot(a, a), dot(b, b));
    };
  }
}
