package io.slab.bytes;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A growing little-endian byte buffer of at most 2 GiB. One thread only. */
public final class ByteWriter {
  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);

  private byte[] bytes;
  private int size;

  public ByteWriter() {
    this(256);
  }

  public ByteWriter(int capacity) {
    bytes = new byte[capacity];
  }

  private static VarHandle view(Class<?> arrayType) {
    return MethodHandles.byteArrayViewVarHandle(arrayType, ByteOrder.LITTLE_ENDIAN);
  }

  private int reserve(int count) {
    int at = size;
    int needed = Math.addExact(size, count);
    if (needed > bytes.length) {
      bytes =
          Arrays.copyOf(
              bytes, Math.max(needed, (int) Math.min(Integer.MAX_VALUE - 16L, bytes.length * 2L)));
    }
    size = needed;
    return at;
  }

  public ByteWriter u8(int value) {
    int at = reserve(1);
    bytes[at] = (byte) value;
    return this;
  }

  public ByteWriter u16(int value) {
    int at = reserve(2);
    SHORT.set(bytes, at, (short) value);
    return this;
  }

  public ByteWriter u32(int value) {
    int at = reserve(4);
    INT.set(bytes, at, value);
    return this;
  }

  public ByteWriter u64(long value) {
    int at = reserve(8);
    LONG.set(bytes, at, value);
    return this;
  }

  public ByteWriter f32(float value) {
    return u32(Float.floatToRawIntBits(value));
  }

  public ByteWriter f64(double value) {
    return u64(Double.doubleToRawLongBits(value));
  }

  /** Unsigned LEB128, at most 10 bytes. */
  public ByteWriter uvarint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      u8((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    return u8((int) rest);
  }

  public ByteWriter bytes(byte[] source) {
    return bytes(source, 0, source.length);
  }

  public ByteWriter bytes(byte[] source, int offset, int length) {
    int at = reserve(length);
    System.arraycopy(source, offset, bytes, at, length);
    return this;
  }

  public ByteWriter floats(float[] values) {
    int at = reserve(Math.multiplyExact(values.length, 4));
    ByteBuffer.wrap(bytes, at, size - at)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .put(values);
    return this;
  }

  public ByteWriter ulid(io.slab.model.Ulid id) {
    return bytes(id.toBytes());
  }

  public ByteWriter zeros(int count) {
    int at = reserve(count);
    Arrays.fill(bytes, at, at + count, (byte) 0);
    return this;
  }

  /** Pads with zeros to a multiple of {@code alignment} (a power of two). */
  public ByteWriter align(int alignment) {
    return zeros(-size & (alignment - 1));
  }

  public void setU32(int at, int value) {
    INT.set(bytes, at, value);
  }

  public void setU64(int at, long value) {
    LONG.set(bytes, at, value);
  }

  /** Bytes written so far. */
  public int size() {
    return size;
  }

  /** Forgets the content and keeps the memory. */
  public void clear() {
    size = 0;
  }

  /**
   * The backing array; only the first {@link #size()} bytes count and the next write may replace
   * it.
   */
  public byte[] array() {
    return bytes;
  }

  /** A view of the content, valid until the next write. */
  public MemorySegment segment() {
    return MemorySegment.ofArray(bytes).asSlice(0, size);
  }

  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }
}
