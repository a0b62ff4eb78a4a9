package io.slab.format.file;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.ByteWriter;
import io.slab.bytes.Crc;
import io.slab.error.CorruptException;
import io.slab.error.UnsupportedException;
import io.slab.model.Ulid;
import java.lang.foreign.MemorySegment;

/**
 * The first 64 bytes of a slab (spec/slab-file.md, "Header").
 *
 * <pre>
 *  0  8  magic              16 16  slab id           60  4  CRC-32C of bytes 0..59
 *  8  2  major              32  8  created, ms
 * 10  2  minor              40 20  zero
 * 12  4  zero
 * </pre>
 */
public record SlabHeader(int major, int minor, Ulid id, long createdMillis) {
  private static final int CRC_OFFSET = 60;

  byte[] toBytes() {
    ByteWriter out = new ByteWriter(SlabFormat.HEADER_BYTES);
    out.u64(SlabFormat.MAGIC).u16(major).u16(minor).u32(0).ulid(id).u64(createdMillis).zeros(20);
    return out.u32(Crc.of(out.array(), 0, CRC_OFFSET)).toBytes();
  }

  /** Reads and checks a header; the segment holds the first 64 bytes of the object. */
  static SlabHeader read(String resource, MemorySegment bytes) {
    ByteCursor in = new ByteCursor(resource + " header", 0, bytes);
    long magic = in.u64("magic");
    if (magic != SlabFormat.MAGIC) {
      throw new CorruptException(resource, 0, "magic " + Long.toHexString(magic), "a slab's magic")
          .of("H-0");
    }
    int major = in.u16("major version");
    int minor = in.u16("minor version");
    checkMajor(resource, 8, major, "H-8");
    int stored = new ByteCursor(resource, CRC_OFFSET, bytes.asSlice(CRC_OFFSET)).i32("checksum");
    int computed = Crc.of(bytes.asSlice(0, CRC_OFFSET));
    if (stored != computed) {
      throw new CorruptException(
              resource + " header", CRC_OFFSET, "CRC " + Crc.hex(stored), Crc.hex(computed))
          .of("H-60");
    }
    in.zeros(4, "reserved header bytes", "H-12");
    Ulid id = in.ulid("slab id");
    long created = in.u64("creation time");
    in.zeros(20, "reserved header bytes", "H-40");
    return new SlabHeader(major, minor, id, created);
  }

  static void checkMajor(String resource, long offset, int major, String rule) {
    if (major != SlabFormat.MAJOR) {
      throw new UnsupportedException(
              resource, offset, "format major " + major, "major " + SlabFormat.MAJOR)
          .of(rule);
    }
  }
}
