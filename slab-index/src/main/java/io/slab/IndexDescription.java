package io.slab;

import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.TextIndex;
import io.slab.model.VectorType;
import java.time.Instant;
import java.util.List;

/**
 * What an index is. Immutable and thread-safe.
 *
 * @param name as it was given when the index was made
 * @param dimension numbers in each dense vector; 0 in a sparse index
 * @param metric how vectors are compared
 * @param vectorType which vectors records are given
 * @param schema metadata fields that filters may name, or null for all
 * @param textIndex the field whose texts are asked for by their words, or null
 * @param created by the clock of the process that made it
 * @param deletionProtection whether deleting it is refused
 */
public record IndexDescription(
    String name,
    int dimension,
    Metric metric,
    VectorType vectorType,
    List<String> schema,
    TextIndex textIndex,
    Instant created,
    boolean deletionProtection) {
  static IndexDescription of(IndexSpec spec, boolean deletionProtection) {
    return new IndexDescription(
        spec.name(),
        spec.dimension(),
        spec.metric(),
        spec.givenType(),
        spec.schema(),
        spec.textIndex(),
        Instant.ofEpochMilli(spec.createdMillis()),
        deletionProtection);
  }
}
