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

  /** The 16 bits at an index of an array. */
  static short shortAt(byte[] bytes, int at) {
    return (short) (bytes[at] & 0xFF | bytes[at + 1] << 8);
  }

  /** The 32 bits at an index of an array. */
  static int intAt(byte[] bytes, int at) {
    return bytes[at] & 0xFF
        | (bytes[at + 1] & 0xFF) << 8
        | (bytes[at + 2] & 0xFF) << 16
        | bytes[at + 3] << 24;
  }

  /** The 64 bits at an index of an array. */
  static long longAt(byte[] bytes, int at) {
    return Integer.toUnsignedLong(intAt(bytes, at)) | (long) intAt(bytes, at + 4) << 32;
  }

  /** Puts 64 bits at an index of an array. */
  static void putLong(byte[] bytes, int at, long value) {
    for (int i = 0; i < Long.BYTES; i++) {
      bytes[at + i] = (byte) (value >>> 8 * i);
    }
  }

  /**
   * Copies {@code count} floats from a byte offset of a segment to an index of an array. Java's own
   * copy from a segment to an array makes a class at its first call, which takes milliseconds.
   */
  public static void copyFloats(
      MemorySegment segment, long offset, float[] target, int index, int count) {
    if (NATIVE) {
      MemorySegment floats = MemorySegment.ofArray(target);
      MemorySegment.copy(segment, offset, floats, 4L * index, 4L * count);
    } else {
      MemorySegment.copy(segment, LittleEndian.FLOAT, offset, target, index, count);
    }
  }

  /** Copies numbers of 32 bits from a byte offset of a segment to the front of an array. */
  public static void copyInts(MemorySegment segment, long offset, int[] target, int count) {
    if (NATIVE) {
      MemorySegment.copy(segment, offset, MemorySegment.ofArray(target), 0, 4L * count);
    } else {
      MemorySegment.copy(segment, LittleEndian.INT, offset, target, 0, count);
    }
  }

  /** Copies {@code count} floats from the front of an array to a byte offset of a segment. */
  public static void putFloats(float[] values, MemorySegment segment, long offset, int count) {
    if (NATIVE) {
      MemorySegment.copy(MemorySegment.ofArray(values), 0, segment, offset, 4L * count);
    } else {
      MemorySegment.copy(values, 0, segment, LittleEndian.FLOAT, offset, count);
    }
  }
}
