package io.slab.model;

/**
 * One record. Immutable by contract: the arrays are not copied and must not be changed after
 * construction.
 *
 * @param id 1 to {@link Limits#MAX_ID_BYTES} UTF-8 bytes, no NUL
 * @param values dense values exactly as they came in, or null in a sparse index
 * @param sparse sparse values, or null when the record has none
 * @param metadata never null
 */
public record VectorRecord(String id, float[] values, SparseVector sparse, Metadata metadata) {
  public VectorRecord {
    if (id == null || metadata == null) {
      throw new IllegalArgumentException("a record needs an id and (possibly empty) metadata");
    }
  }
}
