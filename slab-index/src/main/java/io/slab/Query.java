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
 * @param text words to look for in an index with a text index, alone or beside a vector; or null
 * @param alpha how the scores of a vector and a text are added up, 0 to 1, under the metric
 *     dotproduct; null to put their ranks together
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
    String text,
    Double alpha,
    String filter,
    int topK,
    double recall,
    boolean includeValues,
    boolean includeMetadata) {
  /**
   * Checks what depends on no index.
   *
   * @throws IllegalArgumentException for an id and a vector at once, or a recall or an alpha out of
   *     its range
   */
  public Query {
    if (id != null && (vector != null || sparse != null)) {
      throw new IllegalArgumentException("a query by id takes no vector");
    }
    if (alpha != null && (!(alpha >= 0 && alpha <= 1) || text == null)) {
      throw new IllegalArgumentException(
          "alpha " + alpha + " is not from 0 to 1, or there is no text");
    }
    if (!(recall > 0 && recall <= 1)) {
      throw new IllegalArgumentException("recall " + recall + " is not above 0 and at most 1");
    }
  }

  private static Query of(float[] vector, SparseVector sparse, String id) {
    return new Query(
        vector, sparse, id, null, null, null, 10, QueryRequest.DEFAULT_RECALL, false, false);
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

  /**
   * The ten that have the rarest of the words most often, for their length (BM25), in an index with
   * a text index. Needs the artifact {@code slab-text}.
   *
   * @throws io.slab.error.InvalidInputException when it is asked, for an index without a text index
   *     and for a text without any word that is indexed
   */
  public static Query text(String words) {
    return of(null, null, null).withText(words);
  }

  /** Adds words to a question by a vector or an id: both searches are made and put together. */
  public Query withText(String words) {
    return new Query(
        vector, sparse, id, words, alpha, filter, topK, recall, includeValues, includeMetadata);
  }

  /**
   * Adds up scores, those of the vector times {@code share} and those of the text times the rest,
   * instead of putting ranks together; under the metric dotproduct.
   */
  public Query alpha(double share) {
    return new Query(
        vector, sparse, id, text, share, filter, topK, recall, includeValues, includeMetadata);
  }

  /** Adds sparse values to a question of a hybrid index. */
  public Query withSparse(SparseVector values) {
    return new Query(
        vector, values, id, text, alpha, filter, topK, recall, includeValues, includeMetadata);
  }

  /** Another number of answers. */
  public Query topK(int count) {
    return new Query(
        vector, sparse, id, text, alpha, filter, count, recall, includeValues, includeMetadata);
  }

  /** Only records that match, such as {@code {"year":{"$lt":1900}}}. */
  public Query filter(String json) {
    return new Query(
        vector, sparse, id, text, alpha, json, topK, recall, includeValues, includeMetadata);
  }

  /** Another recall to aim at. */
  public Query recall(double share) {
    return new Query(
        vector, sparse, id, text, alpha, filter, topK, share, includeValues, includeMetadata);
  }

  /** Compares with every record that matches. */
  public Query exact() {
    return recall(1);
  }

  /** With the vectors of the matches. */
  public Query withValues() {
    return new Query(vector, sparse, id, text, alpha, filter, topK, recall, true, includeMetadata);
  }

  /** With the metadata of the matches. */
  public Query withMetadata() {
    return new Query(vector, sparse, id, text, alpha, filter, topK, recall, includeValues, true);
  }
}
