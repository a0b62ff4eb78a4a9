package io.slab.model;

import java.util.List;

/**
 * What never changes about an index (spec/index.md, {@code index.json}).
 *
 * @param name 1 to 45 characters
 * @param dimension 1 to {@link Limits#MAX_DIMENSION}, or 0 for a sparse index
 * @param metric how vectors are compared
 * @param vectorType which parts records have
 * @param schema the fields that are indexed for filters, or null when all are
 * @param textIndex the field whose texts are indexed by their terms, which are the sparse values of
 *     its records then; null for none
 * @param createdMillis milliseconds since the epoch
 */
public record IndexSpec(
    String name,
    int dimension,
    Metric metric,
    VectorType vectorType,
    List<String> schema,
    TextIndex textIndex,
    long createdMillis) {
  /** An index without a text index. */
  public IndexSpec(
      String name,
      int dimension,
      Metric metric,
      VectorType vectorType,
      List<String> schema,
      long createdMillis) {
    this(name, dimension, metric, vectorType, schema, null, createdMillis);
  }

  public IndexSpec {
    if (vectorType == VectorType.SPARSE ? dimension != 0 : dimension < 1) {
      throw new IllegalArgumentException(
          "dimension " + dimension + " does not fit a " + vectorType.label() + " index");
    }
    if (dimension > Limits.MAX_DIMENSION) {
      throw new IllegalArgumentException(
          "dimension " + dimension + " is over the limit of " + Limits.MAX_DIMENSION);
    }
    boolean products =
        vectorType == VectorType.SPARSE || vectorType.hasSparse() && textIndex == null;
    if (products && metric != Metric.DOTPRODUCT) {
      throw new IllegalArgumentException(
          "a " + vectorType.label() + " index needs the metric dotproduct, not " + metric.label());
    }
    if (textIndex != null && !vectorType.hasSparse()) {
      throw new IllegalArgumentException(
          "a text index keeps its terms as sparse values, which a dense index has no place for");
    }
    schema = schema == null ? null : List.copyOf(schema);
  }

  /** True when records have sparse values that their writers give, and do not only derive. */
  public boolean takesSparse() {
    return vectorType.hasSparse() && textIndex == null;
  }

  /** The type that users see: which vectors they give. */
  public VectorType givenType() {
    return textIndex != null && vectorType == VectorType.HYBRID ? VectorType.DENSE : vectorType;
  }

  /** The same, made at another time (milliseconds since 1970). */
  public IndexSpec withCreated(long millis) {
    return new IndexSpec(name, dimension, metric, vectorType, schema, textIndex, millis);
  }

  /**
   * True when {@code field} is indexed for filters: a text that is asked for by its words is not,
   * unless the schema names it.
   */
  public boolean indexes(String field) {
    if (schema == null) {
      return textIndex == null || !textIndex.field().equals(field);
    }
    return schema.contains(field);
  }
}
