package io.slab.ann;

import java.lang.foreign.MemorySegment;

/** Where lists come from: memory, or a section that verifies what it hands out. Thread-safe. */
@FunctionalInterface
public interface ListBytes {
  /** Bytes {@code at .. at + length}, outside the heap and 64-byte aligned for multiples of 64. */
  MemorySegment slice(long at, long length);

  /** Name for errors. */
  default String resource() {
    return "IVF_LISTS";
  }

  /** True when lists are fetched, so that those to be read soon should be announced. */
  default boolean isRemote() {
    return false;
  }

  /** Fetches several stretches at once. */
  default void announce(long[] at, long[] length) {}
}
