package io.slab.ann;

/** Finds the code of a residual. Thread-safe. */
sealed interface RowEncoder permits SignEncoder, PqCodebook {
  /**
   * @param residual rotated row minus rotated centroid
   * @param norm length of the residual, above zero
   */
  void encode(float[] residual, double norm, float[] centroid, RowCode out);

  /** Sets up the tables of a rotated query. */
  void table(float[] query, QueryTable out);
}
