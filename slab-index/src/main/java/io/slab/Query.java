package io.slab;

import io.slab.model.SparseVector;
import io.slab.search.QueryRequest;

/**
 * A question: which records are nearest. Each method gives a changed copy. Immutable by contract
 * (the array is not copied and must not change while the query runs) and thread-safe.
 *
 * @param vector dense values, as many as the dimension says, finite; null in a sparse index, or to
 *     take those of {@code id}
 * @param sparse sparse values; needed in a sparse index, optional in a hybrid one, null in a dense
 *     one
 * @param id of the record whose vectors are meant, or null
 * @param filter JSON of the filter language, or null for every record
 * @param topK how many answers, 1 to 10,000
 * @param recall share of the true answers to aim at, above 0 to 1; 1 compares with every record
 *     that matches. It steers how hard slabs with an approximate index are searched
 * @param includeValues whether matches carry their vectors
 * @param includeMetadata whether matches carry their metadata
 */
public record Query(
    float[] vector,
    SparseVector sparse,
    String id,
    String filter,
    int topK,
    double recall,
    boolean includeValues,
    boolean includeMetadata) {
  /**
   * Checks what depends on no index.
   *
   * @throws IllegalArgumentException for an id and a vector at once, or a recall out of its range
   */
  public Query {
    if (id != null && (vector != null || sparse != null)) {
      throw new IllegalArgumentException("a query by id takes no vector");
    }
    if (!(recall > 0 && recall <= 1)) {
      throw new IllegalArgumentException("recall " + recall + " is not above 0 and at most 1");
    }
  }

  private static Query of(float[] vector, SparseVector sparse, String id) {
    return new Query(vector, sparse, id, null, 10, QueryRequest.DEFAULT_RECALL, false, false);
  }

  /** The ten nearest to a dense vector, with a recall of 0.95. */
  public static Query of(float... vector) {
    return of(vector, null, null);
  }

  /** The ten nearest to a sparse vector, with a recall of 0.95. */
  public static Query of(SparseVector sparse) {
    return of(null, sparse, null);
  }

  /** The ten nearest to a record of the namespace, that record among them. */
  public static Query ofId(String id) {
    return of(null, null, id);
  }

  /** Adds sparse values to a question of a hybrid index. */
  public Query withSparse(SparseVector values) {
    return new Query(vector, values, id, filter, topK, recall, includeValues, includeMetadata);
  }

  /** Another number of answers. */
  public Query topK(int count) {
    return new Query(vector, sparse, id, filter, count, recall, includeValues, includeMetadata);
  }

  /** Only records that match, such as {@code {"year":{"$lt":1900}}}. */
  public Query filter(String json) {
    return new Query(vector, sparse, id, json, topK, recall, includeValues, includeMetadata);
  }

  /** Another recall to aim at. */
  public Query recall(double share) {
    return new Query(vector, sparse, id, filter, topK, share, includeValues, includeMetadata);
  }

  /** Compares with every record that matches. */
  public Query exact() {
    return recall(1);
  }

  /** With the vectors of the matches. */
  public Query withValues() {
    return new Query(vector, sparse, id, filter, topK, recall, true, includeMetadata);
  }

  /** With the metadata of the matches. */
  public Query withMetadata() {
    return new Query(vector, sparse, id, filter, topK, recall, includeValues, true);
  }
}
