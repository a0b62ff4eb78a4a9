package io.slab.model;

/**
 * A stretch of an object.
 *
 * @param offset of its first byte
 * @param length in bytes
 */
public record Extent(long offset, long length) {
  public Extent {
    if (offset < 0 || length < 0 || length > Long.MAX_VALUE - offset) {
      throw new IllegalArgumentException(length + " bytes at " + offset);
    }
  }

  /** The first byte behind it. */
  public long end() {
    return offset + length;
  }
}
