package io.slab.format.section;

import io.slab.bytes.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Bitmaps in the portable 32-bit roaring form, used in place. The library's own reader trusts what
 * it is given, so {@link #map} walks the whole blob first: afterwards no question about the bitmap
 * can leave the blob or name a row that does not exist. Thread-safe.
 */
public final class RoaringBlob {
  /** Cookie of a bitmap with run containers; the upper half holds the container count minus one. */
  static final int COOKIE_RUNS = 12_347;

  /** Cookie of a bitmap without; the container count follows. */
  static final int COOKIE_PLAIN = 12_346;

  /** With run containers, the offsets are left out below this many containers. */
  static final int OFFSETS_FROM = 4;

  /** Largest cardinality of an array container. */
  static final int ARRAY_MAX = 4_096;

  static final int BITSET_BYTES = 8_192;
  static final int MAX_CONTAINERS = 1 << 16;

  private RoaringBlob() {}

  /** Compresses runs and gives the portable form; changes nothing about the set. */
  public static byte[] serialize(MutableRoaringBitmap bitmap) {
    bitmap.runOptimize();
    byte[] bytes = new byte[bitmap.serializedSizeInBytes()];
    bitmap.serialize(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    return bytes;
  }

  /**
   * Checks a blob and maps it without a copy.
   *
   * @param resource name for errors
   * @param offset offset of the blob in that object, for errors
   * @param cardinality what its cardinality must be
   * @param rows every member must be below this
   * @throws io.slab.error.CorruptException for anything that is not exactly one such bitmap
   */
  public static ImmutableRoaringBitmap map(
      String resource, long offset, MemorySegment blob, long cardinality, int rows) {
    new RoaringCheck(resource, offset, blob).run(cardinality, rows);
    ByteBuffer bytes = blob.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    return new ImmutableRoaringBitmap(bytes);
  }

  static int u16(MemorySegment bytes, long at) {
    return bytes.get(LittleEndian.SHORT, at) & 0xFFFF;
  }
}
