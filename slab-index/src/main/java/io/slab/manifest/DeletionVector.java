package io.slab.manifest;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.ByteWriter;
import io.slab.bytes.Crc;
import io.slab.error.CorruptException;
import io.slab.error.UnsupportedException;
import io.slab.format.section.RoaringBlob;
import io.slab.model.Ulid;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Dead rows of one slab: a portable 32-bit roaring bitmap, bare when inline in a manifest, or in a
 * file of its own:
 *
 * <pre>
 * 0 u64 magic 89 53 4C 44 56 0D 0A 1A | 8 u16 major | 10 u16 minor | 12 u32 zero | 16 slab id | 32 u64 cardinality
 * 40 u64 bitmap length | 48 bitmap | u32 CRC-32C of all before, context (slab id, manifest id, 0) | u64 end magic
 * </pre>
 */
public final class DeletionVector {
  static final long MAGIC = 0x1A0A0D56444C5389L;

  /** Larger bitmaps go to a file. */
  public static final int MAX_INLINE_BYTES = 4096;

  private static final int HEADER_BYTES = 48;
  private static final int TRAILER_BYTES = 12;

  /** A bitmap of 2^31 rows in its largest form stays below this. */
  private static final long MAX_FILE_BYTES = 512L << 20;

  private DeletionVector() {}

  /** Most bytes that {@link #decodeFile} accepts. */
  public static long maxFileBytes() {
    return MAX_FILE_BYTES;
  }

  /** The portable form. */
  public static byte[] encode(ImmutableRoaringBitmap dead) {
    MutableRoaringBitmap compact = dead.toMutableRoaringBitmap();
    compact.runOptimize();
    byte[] bytes = new byte[compact.serializedSizeInBytes()];
    compact.serialize(ByteBuffer.wrap(bytes));
    return bytes;
  }

  /** A whole file. */
  public static byte[] encodeFile(Ulid slab, long manifest, long cardinality, byte[] bitmap) {
    ByteWriter out = new ByteWriter(HEADER_BYTES + bitmap.length + TRAILER_BYTES);
    out.u64(MAGIC).u16(1).u16(0).u32(0).ulid(slab).u64(cardinality).u64(bitmap.length);
    out.bytes(bitmap);
    out.u32(Crc.of(slab, manifest, 0, out.segment())).u64(~MAGIC);
    return out.toBytes();
  }

  /**
   * Reads a file.
   *
   * @param manifest id of the manifest that first named it
   */
  public static MutableRoaringBitmap decodeFile(
      String resource, Ulid slab, long manifest, int rows, long cardinality, byte[] bytes) {
    ByteCursor in = new ByteCursor(resource, bytes);
    if (in.u64("magic") != MAGIC) {
      throw new CorruptException(resource, 0, "another magic", "that of a deletion vector")
          .of("DV-0");
    }
    int major = in.u16("major version");
    if (major != 1) {
      throw new UnsupportedException(resource, 8, "major version " + major, "1").of("DV-8");
    }
    in.u16("minor version");
    in.zeros(4, "reserved bytes", "DV-12");
    if (!in.ulid("slab id").equals(slab)) {
      throw new CorruptException(resource, 16, "another slab's id", slab.toString()).of("DV-16");
    }
    long claimed = in.u64("cardinality");
    if (claimed != cardinality) {
      throw new CorruptException(resource, 32, claimed + " dead rows", cardinality + "")
          .of("DV-32");
    }
    long length = in.u64("bitmap length");
    if (length < 0 || length != bytes.length - HEADER_BYTES - TRAILER_BYTES) {
      throw new CorruptException(
              resource, 40, "bitmap length " + length, "what the file's length leaves for it")
          .of("DV-40");
    }
    byte[] bitmap = in.bytes((int) length, "bitmap");
    MemorySegment checked = MemorySegment.ofArray(bytes).asSlice(0, HEADER_BYTES + length);
    int crc = in.i32("CRC");
    int actual = Crc.of(slab, manifest, 0, checked);
    if (crc != actual) {
      throw in.corrupt("CRC " + Crc.hex(crc), "CRC " + Crc.hex(actual)).of("DV-END-12");
    }
    if (in.u64("end magic") != ~MAGIC) {
      throw in.corrupt("another end magic", "that of a deletion vector").of("DV-END-8");
    }
    return decode(resource, bitmap, rows, cardinality);
  }

  /**
   * Reads the portable form; it must hold exactly {@code cardinality} rows below {@code rows} and
   * nothing more.
   */
  public static MutableRoaringBitmap decode(
      String resource, byte[] bytes, int rows, long cardinality) {
    MemorySegment blob = MemorySegment.ofArray(bytes);
    return RoaringBlob.map(resource, 0, blob, cardinality, rows).toMutableRoaringBitmap();
  }
}
