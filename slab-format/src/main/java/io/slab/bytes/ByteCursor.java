package io.slab.bytes;

import io.slab.error.CorruptException;
import io.slab.error.UnsupportedException;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;

/**
 * A bounds-checked little-endian reader over bytes from a file. Every read past the end, and every
 * count that the remaining bytes cannot hold, throws {@link CorruptException} with the object's
 * name and offset. One thread only.
 */
public final class ByteCursor {
  private final String resource;
  private final long base;
  private final long size;

  /** The bytes where they came as an array, else null. */
  private final byte[] array;

  /** The same bytes; of an array made when it is asked for. */
  private MemorySegment segment;

  /** The same bytes; null where they came as an array or are too many for a buffer. */
  private final ByteBuffer buffer;

  private long position;

  /**
   * @param resource name used in errors
   * @param base offset of the segment's first byte inside that object
   */
  public ByteCursor(String resource, long base, MemorySegment segment) {
    this.resource = resource;
    this.base = base;
    this.size = segment.byteSize();
    this.array = null;
    this.segment = segment;
    this.buffer = size > Integer.MAX_VALUE ? null : Segments.buffer(segment);
  }

  /**
   * Over an array, as of the records of a log: read without a buffer around it, whose many layers
   * take long before they are compiled.
   */
  public ByteCursor(String resource, byte[] bytes) {
    this.resource = resource;
    this.base = 0;
    this.size = bytes.length;
    this.array = bytes;
    this.buffer = null;
  }

  private MemorySegment segment() {
    if (segment == null) {
      segment = MemorySegment.ofArray(array);
    }
    return segment;
  }

  private long take(long count, String what) {
    if (count < 0 || count > size - position) {
      throw corrupt((size - position) + " bytes left", count + " bytes of " + what);
    }
    long at = position;
    position += count;
    return at;
  }

  public int u8(String what) {
    long at = take(1, what);
    if (array != null) {
      return array[(int) at] & 0xFF;
    }
    byte value = buffer == null ? segment.get(ValueLayout.JAVA_BYTE, at) : buffer.get((int) at);
    return value & 0xFF;
  }

  public int u16(String what) {
    long at = take(2, what);
    if (array != null) {
      return Segments.shortAt(array, (int) at) & 0xFFFF;
    }
    short value = buffer == null ? segment.get(LittleEndian.SHORT, at) : buffer.getShort((int) at);
    return value & 0xFFFF;
  }

  /** The raw 32 bits; use {@link #count} or {@code Integer.toUnsignedLong} for numbers. */
  public int i32(String what) {
    long at = take(4, what);
    if (array != null) {
      return Segments.intAt(array, (int) at);
    }
    return buffer == null ? segment.get(LittleEndian.INT, at) : buffer.getInt((int) at);
  }

  public long u32(String what) {
    return Integer.toUnsignedLong(i32(what));
  }

  public long u64(String what) {
    long at = take(8, what);
    if (array != null) {
      return Segments.longAt(array, (int) at);
    }
    return buffer == null ? segment.get(LittleEndian.LONG, at) : buffer.getLong((int) at);
  }

  public float f32(String what) {
    return Float.intBitsToFloat(i32(what));
  }

  public double f64(String what) {
    return Double.longBitsToDouble(u64(what));
  }

  public long uvarint(String what) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int b = u8(what);
      value |= (long) (b & 0x7F) << shift;
      if (b < 0x80) {
        if (shift == 63 && b > 1) {
          break;
        }
        return value;
      }
    }
    throw corrupt("a varint of over 64 bits", what);
  }

  /** Reads a u32 that must be a count in [0, max]. */
  public int count(String what, long max) {
    return checkCount(u32(what), what, max);
  }

  /** Reads a varint that must be a count in [0, max]. */
  public int varCount(String what, long max) {
    return checkCount(uvarint(what), what, max);
  }

  private int checkCount(long value, String what, long max) {
    if (value < 0 || value > max || value > Integer.MAX_VALUE) {
      throw corrupt(what + " = " + Long.toUnsignedString(value), "at most " + max);
    }
    return (int) value;
  }

  /**
   * Copies bytes; the length must already be bounded by the caller or is bounded by what remains.
   */
  public byte[] bytes(int length, String what) {
    long at = take(length, what);
    if (array != null) {
      return Arrays.copyOfRange(array, (int) at, (int) at + length);
    }
    if (buffer == null) {
      return segment.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
    }
    byte[] bytes = new byte[length];
    buffer.get((int) at, bytes);
    return bytes;
  }

  /** Copies bytes into an array. */
  public void bytes(byte[] target, int offset, int length, String what) {
    long at = take(length, what);
    MemorySegment.copy(segment(), at, MemorySegment.ofArray(target), offset, length);
  }

  public float[] floats(int count, String what) {
    long at = take(4L * count, what);
    float[] values = new float[count];
    Segments.copyFloats(segment(), at, values, 0, count);
    return values;
  }

  /** Decodes {@code length} bytes as strict UTF-8. */
  public String utf8(int length, String what) {
    int from = array == null ? 0 : (int) take(length, what);
    byte[] bytes = array == null ? bytes(length, what) : array;
    try {
      return Utf8.decode(bytes, from, length);
    } catch (CharacterCodingException e) {
      throw corrupt("malformed UTF-8", what);
    }
  }

  public Ulid ulid(String what) {
    return Ulid.read(segment(), take(Ulid.BYTES, what));
  }

  /** A view of the next bytes, without a copy. */
  public MemorySegment slice(long length, String what) {
    return segment().asSlice(take(length, what), length);
  }

  public void skip(long count, String what) {
    take(count, what);
  }

  /** Requires that {@code count} bytes are zero. */
  public void zeros(int count, String what) {
    zeros(count, what, null);
  }

  /**
   * As above.
   *
   * @param rule that is broken where one is not zero, or null
   */
  public void zeros(int count, String what, String rule) {
    long at = take(count, what);
    for (long i = at; i < at + count; i++) {
      position = i;
      if (u8(what) != 0) {
        position = i;
        throw corrupt("a non-zero byte", "zero in " + what).of(rule);
      }
    }
  }

  public void seek(long newPosition) {
    if (newPosition < 0 || newPosition > size) {
      throw corrupt("position " + newPosition, "at most " + size);
    }
    position = newPosition;
  }

  public long position() {
    return position;
  }

  public long remaining() {
    return size - position;
  }

  /** Requires that everything was read. */
  public void end(String what) {
    if (remaining() != 0) {
      throw corrupt(remaining() + " bytes left over", "the end of " + what);
    }
  }

  /** An error at the current position. */
  public CorruptException corrupt(String found, String expected) {
    return new CorruptException(resource, base + position, found, expected);
  }

  /** Data at the current position that needs a newer reader. */
  public UnsupportedException unsupported(String found, String expected) {
    return unsupported(found, expected, null);
  }

  /**
   * The same, where more can be said.
   *
   * @param hint what the user can do next, or null
   */
  public UnsupportedException unsupported(String found, String expected, String hint) {
    return new UnsupportedException(resource, base + position, found, expected, hint);
  }
}
