package io.slab.manifest;

import io.slab.model.Utf8;

/**
 * The ids of a slab from end to end, in unsigned order of their UTF-8 bytes.
 *
 * @param first the smallest
 * @param last the largest
 */
public record IdRange(String first, String last) {
  public IdRange {
    if (Utf8.ORDER.compare(first, last) > 0) {
      throw new IllegalArgumentException("ids from '" + first + "' back to '" + last + "'");
    }
  }
}
