package io.slab.check;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.Crc;
import io.slab.format.file.SlabFormat;
import io.slab.model.PrivateNumbers;
import io.slab.model.Ulid;
import io.slab.store.ByteSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The two ends of a slab, as the quick check decodes them: its header and its trailer, each by
 * itself and against the other, with the checksum of the directory, which stands in the trailer.
 */
final class SlabEnds {
  private final ByteSource source;
  private final StructureFindings findings;
  private final long length;
  private Ulid id;
  private long directoryOffset;
  private long hotOffset;

  private SlabEnds(ByteSource source, StructureFindings findings) {
    this.source = source;
    this.findings = findings;
    this.length = source.length();
  }

  /**
   * Checks both ends of a slab that is long enough to have them.
   *
   * @return null when what lies behind the trailer cannot be found
   */
  static SlabEnds check(ByteSource source, StructureFindings findings) {
    SlabEnds ends = new SlabEnds(source, findings);
    return ends.trailer(ends.header()) ? ends : null;
  }

  Ulid id() {
    return id;
  }

  long directoryOffset() {
    return directoryOffset;
  }

  long hotOffset() {
    return hotOffset;
  }

  private record HeaderFacts(boolean intact, Ulid id, int minor) {}

  private HeaderFacts header() {
    MemorySegment bytes = source.read(0, SlabFormat.HEADER_BYTES);
    ByteCursor in = new ByteCursor(source.name(), 0, bytes);
    int before = findings.size();
    if (in.u64("magic") != SlabFormat.MAGIC) {
      findings.error("header", 0, "not a slab's magic");
    }
    int major = in.u16("major");
    int minor = in.u16("minor");
    in.seek(16);
    Ulid headerId = in.ulid("id");
    if (findings.size() == before && major != SlabFormat.MAJOR) {
      // Where the checksum of another version lies is not known.
      findings.unsupported("header", 8, "format major " + major + ", expected " + SlabFormat.MAJOR);
      return new HeaderFacts(false, headerId, minor);
    }
    in.seek(60);
    int stored = in.i32("CRC");
    int computed = Crc.of(bytes.asSlice(0, 60));
    if (stored != computed) {
      // Any other difference in these bytes is the same damage.
      if (findings.size() == before) {
        findings.error("header", 60, StructureFindings.crcText(computed, stored));
      }
      return new HeaderFacts(false, headerId, minor);
    }
    findings.zeros("header", bytes, 0, 12, 16);
    findings.zeros("header", bytes, 0, 40, 60);
    return new HeaderFacts(findings.size() == before, headerId, minor);
  }

  /** False when nothing behind the trailer can be found. */
  private boolean trailer(HeaderFacts header) {
    long base = length - SlabFormat.TRAILER_BYTES;
    MemorySegment bytes = source.read(base, SlabFormat.TRAILER_BYTES);
    ByteCursor in = new ByteCursor(source.name(), base, bytes);
    in.seek(72);
    if (in.u64("end magic") != SlabFormat.END_MAGIC) {
      findings.error(
          "trailer", base + 72, "no end magic: the file was cut short, or something follows it");
      return false;
    }
    in.seek(64);
    int major = in.u16("major");
    if (major != SlabFormat.MAJOR) {
      findings.unsupported(
          "trailer", base + 64, "format major " + major + ", expected " + SlabFormat.MAJOR);
      return false;
    }
    byte[] copy = bytes.toArray(ValueLayout.JAVA_BYTE);
    in.seek(68);
    int stored = in.i32("CRC");
    Arrays.fill(copy, 68, 72, (byte) 0);
    int computed = Crc.of(copy, 0, copy.length);
    if (stored != computed) {
      findings.error("trailer", base + 68, StructureFindings.crcText(computed, stored));
      return false;
    }
    return trailerFields(header, base, in);
  }

  private boolean trailerFields(HeaderFacts header, long base, ByteCursor in) {
    in.seek(0);
    directoryOffset = in.u64("directory offset");
    findings.directoryAt(directoryOffset);
    long count = in.u32("entries");
    int directoryCrc = in.i32("directory CRC");
    id = in.ulid("id");
    hotOffset = in.u64("hot offset");
    long fileLength = in.u64("file length");
    long required = in.u64("required features") & ~SlabFormat.KNOWN_REQUIRED_FEATURES;
    in.skip(8, "optional features");
    in.skip(2, "major");
    int minor = in.u16("minor");
    if (fileLength != length) {
      findings.error(
          "trailer", base + 40, "file length " + fileLength + ", the object has " + length);
    }
    if (required != 0) {
      int bit = Long.numberOfTrailingZeros(required);
      findings.unsupported(
          "trailer",
          base + 48,
          "unknown required feature bit "
              + bit
              + PrivateNumbers.knownBy(bit >= PrivateNumbers.FEATURE_BIT));
    }
    compare(header, minor);
    return directoryFits(count, base) && directoryIntact(base, directoryCrc);
  }

  /** The header says what the trailer says, which was found right. */
  private void compare(HeaderFacts header, int minor) {
    if (header.intact() && (!header.id().equals(id) || header.minor() != minor)) {
      findings.error(
          "header",
          16,
          "id "
              + header.id()
              + " minor "
              + header.minor()
              + ", the trailer says "
              + id
              + " minor "
              + minor);
    }
  }

  private boolean directoryFits(long count, long base) {
    if (count > SlabFormat.MAX_ENTRIES
        || directoryOffset < SlabFormat.HEADER_BYTES
        || directoryOffset != base - count * SlabFormat.ENTRY_BYTES) {
      findings.error(
          "trailer",
          base,
          "a directory of "
              + count
              + " entries at "
              + directoryOffset
              + ", expected it to end at "
              + base);
      return false;
    }
    if (hotOffset < SlabFormat.HEADER_BYTES || hotOffset > directoryOffset) {
      findings.error(
          "trailer", base + 32, "hot offset " + hotOffset + ", expected 64 to " + directoryOffset);
    }
    return true;
  }

  private boolean directoryIntact(long base, int directoryCrc) {
    MemorySegment directory = source.read(directoryOffset, base - directoryOffset);
    int computed = Crc.of(id, directoryOffset, 0, directory);
    if (computed != directoryCrc) {
      findings.error(
          "directory", directoryOffset, StructureFindings.crcText(computed, directoryCrc));
      return false;
    }
    return true;
  }
}
