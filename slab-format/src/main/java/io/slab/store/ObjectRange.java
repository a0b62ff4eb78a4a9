package io.slab.store;

import io.slab.error.CorruptException;

/** The one check of a range against an object's length. */
public final class ObjectRange {
  private ObjectRange() {}

  /**
   * Refuses a range that is not inside an object: the object is shorter than something claims.
   *
   * @param size the object's length
   */
  public static void require(String name, long size, long offset, long length) {
    if (offset < 0 || length < 0 || offset > size || length > size - offset) {
      throw new CorruptException(
          name, offset, "an object of " + size + " bytes", length + " more bytes here");
    }
  }
}
