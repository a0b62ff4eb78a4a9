package io.slab.ann;

import io.slab.format.section.DenseRows;
import io.slab.model.Metric;
import io.slab.vector.CanonicalScore;

/** {@link Reranker} in plain loops. */
final class ScalarReranker implements Reranker {
  private final Metric metric;
  private final float[] row;
  private float[] query;
  private double querySquare;

  ScalarReranker(Metric metric, int dimension) {
    this.metric = metric;
    this.row = new float[dimension];
  }

  @Override
  public void prepare(float[] vector) {
    query = vector;
    querySquare = CanonicalScore.dot(vector, vector);
  }

  @Override
  public void score(DenseRows rows, int[] ordinals, int count, float[] scores) {
    for (int i = 0; i < count; i++) {
      rows.copy(ordinals[i], row);
      scores[i] =
          switch (metric) {
            case DOTPRODUCT -> (float) CanonicalScore.dot(query, row);
            case EUCLIDEAN -> (float) CanonicalScore.squaredDistance(query, row);
            case COSINE ->
                (float)
                    CanonicalScore.cosine(
                        CanonicalScore.dot(query, row), querySquare, CanonicalScore.dot(row, row));
          };
    }
  }
}
