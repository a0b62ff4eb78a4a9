package io.slab.bytes;

import io.slab.model.Ulid;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/**
 * CRC-32C (Castagnoli), plain and with context. With context the input is {@code id (16 bytes) ||
 * u64 position || u32 number || bytes}, so that intact bytes from another file or another place
 * fail as well.
 */
public final class Crc {
  private static final ThreadLocal<byte[]> COPY = ThreadLocal.withInitial(() -> new byte[64 << 10]);

  private Crc() {}

  public static int of(MemorySegment bytes) {
    CRC32C crc = new CRC32C();
    update(crc, bytes);
    return (int) crc.getValue();
  }

  public static int of(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  /**
   * CRC with context.
   *
   * @param id the id of the slab or commit that the bytes belong to
   * @param position file offset of the section, or the number that the spec names for the structure
   * @param number chunk or record number
   */
  public static int of(Ulid id, long position, int number, MemorySegment bytes) {
    CRC32C crc = new CRC32C();
    crc.update(context(id, position, number));
    update(crc, bytes);
    return (int) crc.getValue();
  }

  /** The same of bytes in an array. */
  public static int of(Ulid id, long position, int number, byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(context(id, position, number));
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  /** Made byte by byte: a log is read by a process in which nothing is compiled yet. */
  private static byte[] context(Ulid id, long position, int number) {
    byte[] context = new byte[28];
    Segments.putLong(context, 0, Long.reverseBytes(id.high()));
    Segments.putLong(context, 8, Long.reverseBytes(id.low()));
    Segments.putLong(context, 16, position);
    for (int i = 0; i < Integer.BYTES; i++) {
      context[24 + i] = (byte) (number >>> 8 * i);
    }
    return context;
  }

  private static void update(CRC32C crc, MemorySegment bytes) {
    long size = bytes.byteSize();
    if (bytes.isMapped()) {
      updateByCopies(crc, bytes);
      return;
    }
    for (long at = 0; at < size; ) {
      long step = Math.min(size - at, 1 << 30);
      crc.update(bytes.asSlice(at, step).asByteBuffer());
      at += step;
    }
  }

  /**
   * The machine code behind CRC32C ends the whole process when a page of a mapped file cannot be
   * read; a copy of such a page throws an error instead.
   */
  private static void updateByCopies(CRC32C crc, MemorySegment bytes) {
    byte[] copy = COPY.get();
    MemorySegment target = MemorySegment.ofArray(copy);
    long size = bytes.byteSize();
    for (long at = 0; at < size; at += copy.length) {
      int step = (int) Math.min(copy.length, size - at);
      MemorySegment.copy(bytes, at, target, 0, step);
      crc.update(copy, 0, step);
    }
  }

  /** Eight lower-case hexadecimal digits. */
  public static String hex(int crc) {
    String digits = Integer.toHexString(crc);
    return "0".repeat(8 - digits.length()) + digits;
  }
}
