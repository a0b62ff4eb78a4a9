package io.slab;

import io.slab.copy.CopyResult;

/**
 * What a copy of an index did. Immutable and thread-safe.
 *
 * @param objects that were copied
 * @param present objects that were at the destination already, of an earlier copy
 * @param bytes of the copied ones
 * @see Index#copy(String, IndexOptions, String, IndexOptions)
 */
public record Copied(long objects, long present, long bytes) {
  static Copied of(CopyResult result) {
    return new Copied(result.copied(), result.present(), result.bytes());
  }
}
