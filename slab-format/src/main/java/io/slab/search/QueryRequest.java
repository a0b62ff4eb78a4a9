package io.slab.search;

import io.slab.filter.Filter;
import io.slab.model.SparseVector;

/**
 * One question. The arrays are not copied and must not change while the query runs.
 *
 * @param vector dense values, or null in a sparse index
 * @param sparse sparse values, or null; required in a sparse index, optional in a hybrid one
 * @param filter which records may answer, or null for all
 * @param topK 1 to {@link io.slab.model.Limits#MAX_TOP_K}
 * @param includeValues whether matches carry their dense and sparse values
 * @param includeMetadata whether matches carry their metadata
 * @param recall share of the true answers that is enough, in (0, 1]; 1 compares with every record
 *     that matches. It steers slabs with an approximate index alone; scores are exact in any case
 * @param text true when the sparse values are the terms of a text: of an index with a text index
 *     these alone can be asked for, with or without dense values
 */
public record QueryRequest(
    float[] vector,
    SparseVector sparse,
    Filter filter,
    int topK,
    boolean includeValues,
    boolean includeMetadata,
    double recall,
    boolean text) {
  /** Recall aimed at by default. */
  public static final double DEFAULT_RECALL = 0.95;

  /** True when an approximate index over the dense values may answer this. */
  boolean isApproximate() {
    return recall < 1 && vector != null && sparse == null;
  }

  /** A question by the vectors that records were given. */
  public QueryRequest(
      float[] vector,
      SparseVector sparse,
      Filter filter,
      int topK,
      boolean includeValues,
      boolean includeMetadata,
      double recall) {
    this(vector, sparse, filter, topK, includeValues, includeMetadata, recall, false);
  }

  /** True when matches carry the terms of their records, and nothing else. */
  boolean withTerms() {
    return text && vector == null && !includeValues && !includeMetadata;
  }

  /**
   * A question for the terms of a text alone, whose matches carry the terms of their records.
   *
   * @param terms each with its weight
   */
  public static QueryRequest terms(SparseVector terms, Filter filter, int topK) {
    return new QueryRequest(null, terms, filter, topK, false, false, 1, true);
  }

  /** An exact question. */
  public QueryRequest(
      float[] vector,
      SparseVector sparse,
      Filter filter,
      int topK,
      boolean includeValues,
      boolean includeMetadata) {
    this(vector, sparse, filter, topK, includeValues, includeMetadata, 1);
  }
}
