package io.slab.ann;

import io.slab.model.Metric;

/**
 * Keys of an index, of which the smaller is nearer: squared distances, under cosine those of
 * vectors of length 1, and for the inner product its negative.
 */
public final class IndexKey {
  private IndexKey() {}

  /** The key of a canonical score. */
  public static float of(Metric metric, float score) {
    return switch (metric) {
      case EUCLIDEAN -> score;
      case COSINE -> 2 - 2 * score;
      case DOTPRODUCT -> -score;
    };
  }
}
