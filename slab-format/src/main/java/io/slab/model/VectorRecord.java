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

  /** A record with dense values and nothing else. */
  public static VectorRecord of(String id, float... values) {
    return new VectorRecord(id, values, null, Metadata.EMPTY);
  }

  /** The same record with other sparse values. */
  public VectorRecord with(SparseVector other) {
    return new VectorRecord(id, values, other, metadata);
  }

  /**
   * The record as its writer gave it.
   *
   * @param derived true when its sparse values are the terms of its text
   */
  public VectorRecord shown(boolean derived) {
    return derived && sparse != null ? with((SparseVector) null) : this;
  }

  /** The same record with other metadata. */
  public VectorRecord with(Metadata other) {
    return new VectorRecord(id, values, sparse, other);
  }
}
