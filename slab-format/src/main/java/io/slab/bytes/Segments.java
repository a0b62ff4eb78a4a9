package io.slab.bytes;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Access to segments without layouts and so without method handles to link: for everything that a
 * process passes which answers one question and exits (cursors, checksums, copies of rows).
 */
public final class Segments {
  private static final boolean NATIVE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private Segments() {}

  /** A little-endian buffer over a segment of at most 2 GiB. */
  public static ByteBuffer buffer(MemorySegment segment) {
    return segment.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The 32 bits at an offset. */
  public static int intAt(MemorySegment segment, long offset) {
    return buffer(segment.asSlice(offset, Integer.BYTES)).getInt(0);
  }

  /** The 64 bits at an offset. */
  public static long longAt(MemorySegment segment, long offset) {
    return buffer(segment.asSlice(offset, Long.BYTES)).getLong(0);
  }

  /** Copies {@code count} floats from a byte offset of a segment to an index of an array. */
  public static void copyFloats(
      MemorySegment segment, long offset, float[] target, int index, int count) {
    if (NATIVE) {
      MemorySegment floats = MemorySegment.ofArray(target);
      MemorySegment.copy(segment, offset, floats, 4L * index, 4L * count);
    } else {
      MemorySegment.copy(segment, LittleEndian.FLOAT, offset, target, index, count);
    }
  }
}
