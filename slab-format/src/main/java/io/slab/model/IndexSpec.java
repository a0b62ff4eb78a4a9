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
 * @param createdMillis milliseconds since the epoch
 */
public record IndexSpec(
    String name,
    int dimension,
    Metric metric,
    VectorType vectorType,
    List<String> schema,
    long createdMillis) {
  public IndexSpec {
    if (vectorType == VectorType.SPARSE ? dimension != 0 : dimension < 1) {
      throw new IllegalArgumentException(
          "dimension " + dimension + " does not fit a " + vectorType.label() + " index");
    }
    if (dimension > Limits.MAX_DIMENSION) {
      throw new IllegalArgumentException(
          "dimension " + dimension + " is over the limit of " + Limits.MAX_DIMENSION);
    }
    if (vectorType.hasSparse() && metric != Metric.DOTPRODUCT) {
      throw new IllegalArgumentException(
          "a " + vectorType.label() + " index needs the metric dotproduct, not " + metric.label());
    }
    schema = schema == null ? null : List.copyOf(schema);
  }

  /** The same, made at another time (milliseconds since 1970). */
  public IndexSpec withCreated(long millis) {
    return new IndexSpec(name, dimension, metric, vectorType, schema, millis);
  }

  /** True when {@code field} is indexed for filters. */
  public boolean indexes(String field) {
    return schema == null || schema.contains(field);
  }
}
