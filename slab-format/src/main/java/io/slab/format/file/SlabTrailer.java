package io.slab.format.file;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.ByteWriter;
import io.slab.bytes.Crc;
import io.slab.error.CorruptException;
import io.slab.error.UnsupportedException;
import io.slab.model.PrivateNumbers;
import io.slab.model.Ulid;
import java.lang.foreign.MemorySegment;

/**
 * The last 80 bytes of a slab (spec/slab-file.md, "Trailer").
 *
 * <pre>
 *  0  8  directory offset     32  8  hot offset           64  2  major
 *  8  4  directory entries    40  8  file length          66  2  minor
 * 12  4  directory CRC        48  8  required features    68  4  CRC-32C, this field zero
 * 16 16  slab id              56  8  optional features    72  8  end magic
 * </pre>
 */
public record SlabTrailer(
    long directoryOffset,
    int entries,
    int directoryCrc,
    Ulid id,
    long hotOffset,
    long fileLength,
    long requiredFeatures,
    long optionalFeatures,
    int major,
    int minor) {
  private static final int CRC_OFFSET = 68;

  byte[] toBytes() {
    ByteWriter out = new ByteWriter(SlabFormat.TRAILER_BYTES);
    out.u64(directoryOffset).u32(entries).u32(directoryCrc).ulid(id);
    out.u64(hotOffset).u64(fileLength).u64(requiredFeatures).u64(optionalFeatures);
    out.u16(major).u16(minor).u32(0).u64(SlabFormat.END_MAGIC);
    out.setU32(CRC_OFFSET, Crc.of(out.array(), 0, SlabFormat.TRAILER_BYTES));
    return out.toBytes();
  }

  /**
   * Reads and checks a trailer.
   *
   * @param length length of the object the 80 bytes end
   */
  static SlabTrailer read(String resource, long length, MemorySegment bytes) {
    long base = length - SlabFormat.TRAILER_BYTES;
    String where = resource + " trailer";
    ByteCursor in = new ByteCursor(where, base, bytes);
    in.seek(72);
    long magic = in.u64("end magic");
    if (magic != SlabFormat.END_MAGIC) {
      throw new CorruptException(
              where, base + 72, "end magic " + Long.toHexString(magic), "a complete slab's end")
          .of("T-72");
    }
    in.seek(64);
    SlabHeader.checkMajor(where, base + 64, in.u16("major version"), "T-64");
    byte[] copy = bytes.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    in.seek(CRC_OFFSET);
    int stored = in.i32("checksum");
    java.util.Arrays.fill(copy, CRC_OFFSET, CRC_OFFSET + 4, (byte) 0);
    int computed = Crc.of(copy, 0, copy.length);
    if (stored != computed) {
      throw new CorruptException(
              where, base + CRC_OFFSET, "CRC " + Crc.hex(stored), Crc.hex(computed))
          .of("T-68");
    }
    in.seek(0);
    SlabTrailer trailer =
        new SlabTrailer(
            in.u64("directory offset"),
            in.i32("directory entries"),
            in.i32("directory CRC"),
            in.ulid("slab id"),
            in.u64("hot offset"),
            in.u64("file length"),
            in.u64("required features"),
            in.u64("optional features"),
            in.u16("major"),
            in.u16("minor"));
    trailer.check(where, base, length);
    return trailer;
  }

  private void check(String where, long base, long length) {
    if (fileLength != length) {
      throw new CorruptException(
              where, base + 40, "an object of " + length + " bytes", fileLength + " bytes")
          .of("T-40");
    }
    long unknown = requiredFeatures & ~SlabFormat.KNOWN_REQUIRED_FEATURES;
    if (unknown != 0) {
      int bit = Long.numberOfTrailingZeros(unknown);
      throw new UnsupportedException(
              where,
              base + 48,
              "required feature bit " + bit,
              "only features of format " + SlabFormat.MAJOR + "." + SlabFormat.MINOR,
              PrivateNumbers.hint(bit >= PrivateNumbers.FEATURE_BIT))
          .of("T-48");
    }
    if (entries < 0 || entries > SlabFormat.MAX_ENTRIES) {
      throw new CorruptException(
              where,
              base + 8,
              Integer.toUnsignedString(entries) + " directory entries",
              "at most " + SlabFormat.MAX_ENTRIES)
          .of("T-8");
    }
    if (directoryOffset < SlabFormat.HEADER_BYTES
        || directoryOffset != base - (long) entries * SlabFormat.ENTRY_BYTES) {
      throw new CorruptException(
              where,
              base,
              "directory at " + directoryOffset + " with " + entries + " entries",
              "a directory that ends where the trailer begins")
          .of("T-0");
    }
    boolean aligned = (hotOffset & ((1L << SlabFormat.ALIGNMENT_LOG2) - 1)) == 0;
    if (hotOffset < SlabFormat.HEADER_BYTES || hotOffset > directoryOffset || !aligned) {
      throw new CorruptException(
              where,
              base + 32,
              "hot offset " + hotOffset,
              "a multiple of 64, 64 to " + directoryOffset)
          .of("T-32");
    }
  }
}
