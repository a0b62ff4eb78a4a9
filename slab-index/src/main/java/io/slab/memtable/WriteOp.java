package io.slab.memtable;

import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;

/**
 * One operation on a namespace. Operations of a batch apply in their order, all of them or none.
 */
public sealed interface WriteOp {
  /** Adds a record or replaces the one of the same id entirely. */
  record Upsert(VectorRecord record) implements WriteOp {}

  /** Deletes a record; an unknown id is no error. */
  record DeleteId(String id) implements WriteOp {}

  /**
   * Changes parts of a record; an unknown id has no effect.
   *
   * @param values new dense values, or null to keep them
   * @param sparse new sparse values, or null to keep them
   * @param changes metadata fields to add or overwrite, or null to keep all
   */
  record PartialUpdate(String id, float[] values, SparseVector sparse, Metadata changes)
      implements WriteOp {}

  /** Deletes every record that matches at this point of the sequence. */
  record DeleteByFilter(String filterJson) implements WriteOp {}

  /** Deletes every record. */
  record DeleteAll() implements WriteOp {}

  /** Deletes every record whose id begins so; the empty prefix means all. */
  record DeleteByPrefix(String prefix) implements WriteOp {}

  /**
   * Adds or overwrites metadata fields of every record that matches at this point of the sequence.
   *
   * @param sparse new sparse values, which come of a text among the fields; null to keep them
   */
  record UpdateByFilter(String filterJson, SparseVector sparse, Metadata changes)
      implements WriteOp {
    public UpdateByFilter(String filterJson, Metadata changes) {
      this(filterJson, null, changes);
    }
  }

  /** True for operations that a writer has to try out, since they may make a record too large. */
  default boolean merges() {
    return this instanceof UpdateByFilter
        || (this instanceof PartialUpdate update && update.changes() != null);
  }
}
