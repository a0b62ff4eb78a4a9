package io.slab.format;

import io.slab.model.Metadata;
import io.slab.model.SparseVector;

/**
 * The rows of a slab to be built, in ascending order of their id bytes, as a builder reads them:
 * several times from front to back, and each time only some of the parts. Every pass must show the
 * same rows.
 */
public interface SlabInput {
  /** Number of rows, known beforehand. */
  int rows();

  /** Starts a pass. */
  Cursor open();

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
}
