package io.slab.ann;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * All memory as one segment. Loops over it carry no bounds checks, which at 128 dimensions are half
 * of a loop's time. A caller that passes an address must have checked the whole range it covers
 * against the real segment ({@link #address}).
 */
final class NativeMemory {
  @SuppressWarnings("restricted")
  static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private NativeMemory() {}

  /** Address of bytes {@code at .. at + length} of a native segment, after a bounds check. */
  static long address(MemorySegment segment, long at, long length) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException("vector kernels need memory outside the heap");
    }
    if (at < 0 || length < 0 || at > segment.byteSize() - length) {
      throw new IndexOutOfBoundsException(
          at + " + " + length + " of " + segment.byteSize() + " bytes");
    }
    return segment.address() + at;
  }

  /** Zeroed memory, 64-byte aligned, freed when unreachable. */
  static MemorySegment allocate(long bytes) {
    return Arena.ofAuto().allocate(Math.max(1, bytes), 64);
  }
}
