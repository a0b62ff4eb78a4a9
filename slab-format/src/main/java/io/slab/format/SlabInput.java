package io.slab.format;

import io.slab.error.CancellationToken;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import java.util.List;

/**
 * The rows of a slab to be built, in ascending order of their id bytes, as a builder reads them:
 * several times from front to back, and each time only some of the parts. Where they lie in another
 * order they are read once in that, and only their ids in order. Every pass must show the same
 * rows.
 */
public interface SlabInput {
  /** Number of rows, known beforehand. */
  int rows();

  /** Starts a pass in the order of the ids. */
  Cursor open();

  /** Who hears how far a build of these rows is. */
  default CancellationToken work() {
    return CancellationToken.NONE;
  }

  /** True when rows lie in the order of their ids. */
  default boolean inIdOrder() {
    return true;
  }

  /** Starts a pass in the order in which rows lie, unless that is the order of their ids. */
  default Arrivals arrivals() {
    throw new UnsupportedOperationException("these rows lie in the order of their ids");
  }

  /**
   * One pass over the rows. What it hands out may be reused by the next {@link #next}. One thread
   * only.
   */
  interface Cursor extends AutoCloseable {
    /** Steps to the next row; false at the end. */
    boolean next();

    /** UTF-8 bytes of the id. */
    byte[] id();

    long lsn();

    /** Dense values, or null in a sparse index. */
    float[] values();

    /** Sparse values, or null when the row has none. */
    SparseVector sparse();

    Metadata metadata();

    @Override
    default void close() {}
  }

  /** One pass in the order in which rows lie. */
  interface Arrivals extends Cursor {
    /** Place of the row's id among those of all rows, from 0. */
    int rank();

    /** Names of all fields that metadata of rows may have, in the order of their bytes. */
    List<String> fields();
  }
}
