package io.slab.check;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.Crc;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFormat;
import io.slab.model.PrivateNumbers;
import io.slab.model.Ulid;
import io.slab.store.ByteSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The quick check of a slab: decodes header, trailer and directory by itself (and not by the reader
 * that it checks), and goes on after a problem as long as what follows can be told from it.
 */
final class SlabStructure {
  private static final int LEAST = SlabFormat.HEADER_BYTES + SlabFormat.TRAILER_BYTES;

  private final ByteSource source;
  private final Findings findings;
  private final long length;
  private final List<DirectoryEntry> entries = new ArrayList<>();
  private Ulid id;
  private long directoryOffset;
  private long hotOffset;
  private boolean complete;

  private SlabStructure(ByteSource source, Findings findings) {
    this.source = source;
    this.findings = findings;
    this.length = source.length();
  }

  /** Runs all structure checks. */
  static SlabStructure check(ByteSource source, Findings findings) {
    SlabStructure structure = new SlabStructure(source, findings);
    structure.run();
    return structure;
  }

  /** True when the directory could be read, so that sections can be looked at. */
  boolean complete() {
    return complete;
  }

  Ulid id() {
    return id;
  }

  long hotOffset() {
    return hotOffset;
  }

  /** Rows by the directory; -1 when no section tells. */
  long rows() {
    for (DirectoryEntry entry : entries) {
      if (entry.knownKind() == SectionKind.ROW_LSN) {
        return entry.items();
      }
    }
    return -1;
  }

  /** Entries inside the file, in directory order. */
  List<DirectoryEntry> entries() {
    return entries;
  }

  private void run() {
    if (length < LEAST || length > SlabFormat.MAX_FILE_BYTES) {
      error(null, 0, "a file of " + length + " bytes, expected a slab of at least " + LEAST);
      return;
    }
    HeaderFacts header = header();
    if (!trailer(header)) {
      return;
    }
    directory();
    complete = true;
    placement();
    chunkTable();
  }

  private record HeaderFacts(boolean intact, Ulid id, int minor) {}

  private HeaderFacts header() {
    MemorySegment bytes = read(0, SlabFormat.HEADER_BYTES);
    ByteCursor in = new ByteCursor(source.name(), 0, bytes);
    int before = findings.size();
    if (in.u64("magic") != SlabFormat.MAGIC) {
      error("header", 0, "not a slab's magic");
    }
    int major = in.u16("major");
    int minor = in.u16("minor");
    in.seek(16);
    Ulid headerId = in.ulid("id");
    if (findings.size() == before && major != SlabFormat.MAJOR) {
      // Where the checksum of another version lies is not known.
      unsupported("header", 8, "format major " + major + ", expected " + SlabFormat.MAJOR);
      return new HeaderFacts(false, headerId, minor);
    }
    in.seek(60);
    int stored = in.i32("CRC");
    int computed = Crc.of(bytes.asSlice(0, 60));
    if (stored != computed) {
      // Any other difference in these bytes is the same damage.
      if (findings.size() == before) {
        error("header", 60, crcText(computed, stored));
      }
      return new HeaderFacts(false, headerId, minor);
    }
    zeros("header", bytes, 0, 12, 16);
    zeros("header", bytes, 0, 40, 60);
    return new HeaderFacts(findings.size() == before, headerId, minor);
  }

  /** False when nothing behind the trailer can be found. */
  private boolean trailer(HeaderFacts header) {
    long base = length - SlabFormat.TRAILER_BYTES;
    MemorySegment bytes = read(base, SlabFormat.TRAILER_BYTES);
    ByteCursor in = new ByteCursor(source.name(), base, bytes);
    in.seek(72);
    if (in.u64("end magic") != SlabFormat.END_MAGIC) {
      error("trailer", base + 72, "no end magic: the file was cut short, or something follows it");
      return false;
    }
    in.seek(64);
    int major = in.u16("major");
    if (major != SlabFormat.MAJOR) {
      unsupported("trailer", base + 64, "format major " + major + ", expected " + SlabFormat.MAJOR);
      return false;
    }
    byte[] copy = bytes.toArray(ValueLayout.JAVA_BYTE);
    in.seek(68);
    int stored = in.i32("CRC");
    Arrays.fill(copy, 68, 72, (byte) 0);
    int computed = Crc.of(copy, 0, copy.length);
    if (stored != computed) {
      error("trailer", base + 68, crcText(computed, stored));
      return false;
    }
    return trailerFields(header, base, in);
  }

  private boolean trailerFields(HeaderFacts header, long base, ByteCursor in) {
    in.seek(0);
    directoryOffset = in.u64("directory offset");
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
      error("trailer", base + 40, "file length " + fileLength + ", the object has " + length);
    }
    if (required != 0) {
      unsupported(
          "trailer",
          base + 48,
          "unknown required feature bit "
              + Long.numberOfTrailingZeros(required)
              + PrivateNumbers.knownBy(
                  Long.numberOfTrailingZeros(required) >= PrivateNumbers.FEATURE_BIT));
    }
    if (header.intact() && (!header.id().equals(id) || header.minor() != minor)) {
      error(
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
    if (count > SlabFormat.MAX_ENTRIES
        || directoryOffset < SlabFormat.HEADER_BYTES
        || directoryOffset != base - count * SlabFormat.ENTRY_BYTES) {
      error(
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
      error(
          "trailer", base + 32, "hot offset " + hotOffset + ", expected 64 to " + directoryOffset);
    }
    MemorySegment directory = read(directoryOffset, base - directoryOffset);
    int computed = Crc.of(id, directoryOffset, 0, directory);
    if (computed != directoryCrc) {
      error("directory", directoryOffset, crcText(computed, directoryCrc));
      return false;
    }
    return true;
  }

  private void directory() {
    long base = length - SlabFormat.TRAILER_BYTES;
    MemorySegment bytes = read(directoryOffset, base - directoryOffset);
    DirectoryEntry previous = null;
    for (long at = 0; at < bytes.byteSize(); at += SlabFormat.ENTRY_BYTES) {
      MemorySegment one = bytes.asSlice(at, SlabFormat.ENTRY_BYTES);
      long place = directoryOffset + at;
      DirectoryEntry entry = decode(one);
      zeros(entry.label(), one, place, 42, 44);
      zeros(entry.label(), one, place, 45, 48);
      if (previous != null && DirectoryEntry.ORDER.compare(previous, entry) >= 0) {
        error(entry.label(), place, "comes after " + previous.label() + " in the directory");
      }
      previous = entry;
      if (fits(entry, place)) {
        entries.add(entry);
      }
    }
  }

  private static DirectoryEntry decode(MemorySegment bytes) {
    ByteCursor in = new ByteCursor("entry", 0, bytes);
    int kind = in.u16("kind");
    int column = in.u16("column");
    int part = in.u16("part");
    int codec = in.u8("codec");
    int flags = in.u8("flags");
    long offset = in.u64("offset");
    long stored = in.u64("stored");
    long raw = in.u64("raw");
    long items = in.u64("items");
    int encoding = in.u16("encoding");
    in.skip(2, "zero");
    int alignment = in.u8("alignment");
    in.skip(3, "zero");
    return new DirectoryEntry(
        kind,
        column,
        part,
        codec,
        flags,
        offset,
        stored,
        raw,
        items,
        encoding,
        alignment,
        in.i32("crc"),
        in.i32("first chunk"),
        in.u64("param"));
  }

  /** Checks one entry by itself; false when its section cannot be read. */
  private boolean fits(DirectoryEntry entry, long place) {
    String label = entry.label();
    SectionKind kind = entry.knownKind();
    if (kind == null && entry.has(SlabFormat.FLAG_CRITICAL)) {
      unsupported(
          label,
          place,
          "a critical section of unknown kind"
              + PrivateNumbers.knownBy(entry.kind() >= PrivateNumbers.KIND));
    }
    if (kind != null && kind.critical() && !entry.has(SlabFormat.FLAG_CRITICAL)) {
      error(label, place + 7, "the critical flag is not set");
    }
    if (kind != null && entry.codec() > SlabFormat.CODEC_ZSTD) {
      unsupported(label, place + 6, "unknown codec " + entry.codec());
    }
    if ((entry.flags() & ~SlabFormat.FLAGS_KNOWN) != 0) {
      error(label, place + 7, "unknown flags " + entry.flags());
    }
    long stored = entry.storedLength();
    if (entry.offset() < SlabFormat.HEADER_BYTES
        || stored < 0
        || stored > directoryOffset
        || entry.offset() > directoryOffset - stored) {
      error(
          label,
          place + 8,
          "lies at "
              + entry.offset()
              + " with "
              + stored
              + " bytes, outside of 64 to "
              + directoryOffset);
      return false;
    }
    int log2 = entry.alignmentLog2();
    if (log2 < SlabFormat.ALIGNMENT_LOG2 || log2 > 30 || entry.offset() % (1L << log2) != 0) {
      error(label, place + 44, "lies at " + entry.offset() + ", expected a multiple of 2^" + log2);
    }
    boolean longer = stored > SlabFormat.CHUNK_BYTES && kind != SectionKind.CHUNK_CRCS;
    if (entry.has(SlabFormat.FLAG_CHUNKED) != longer) {
      error(label, place + 7, "has " + stored + " bytes and a wrong chunked flag");
    }
    return true;
  }

  /** Sections side by side, zeros between them, hot ones (and only those) in the hot tail. */
  private void placement() {
    List<DirectoryEntry> byOffset = new ArrayList<>(entries);
    byOffset.sort(
        Comparator.comparingLong(DirectoryEntry::offset)
            .thenComparingLong(DirectoryEntry::storedLength));
    long end = SlabFormat.HEADER_BYTES;
    String last = "header";
    for (DirectoryEntry entry : byOffset) {
      if (entry.offset() < end) {
        error(entry.label(), entry.offset(), "overlaps " + last + ", which ends at " + end);
      } else {
        gap(end, entry.offset(), last);
      }
      if (entry.end() >= end) {
        end = entry.end();
        last = entry.label();
      }
      if (!DirectoryEntry.hotAsPlaced(entry, hotOffset)) {
        error(
            entry.label(), entry.offset(), "its hot flag contradicts the hot offset " + hotOffset);
      }
    }
    gap(end, directoryOffset, last);
  }

  /** Padding is never as long as a page; a longer gap is lost space, and read in steps. */
  private void gap(long from, long to, String after) {
    for (long at = from; at < to; at += SlabFormat.CHUNK_BYTES) {
      MemorySegment bytes = read(at, Math.min(to - at, SlabFormat.CHUNK_BYTES));
      long wrong = firstNonZero(bytes, 0, bytes.byteSize());
      if (wrong >= 0) {
        error("padding after " + after, at + wrong, "a non-zero byte, expected zeros");
        return;
      }
    }
  }

  private void chunkTable() {
    long table = 0;
    for (DirectoryEntry entry : entries) {
      if (entry.knownKind() == SectionKind.CHUNK_CRCS) {
        table = entry.storedLength() / 4;
        if (entry.storedLength() % 4 != 0) {
          error(entry.label(), entry.offset(), entry.storedLength() + " bytes, expected u32s");
        }
      }
    }
    for (DirectoryEntry entry : entries) {
      long last = Integer.toUnsignedLong(entry.firstChunk()) + chunks(entry);
      if (entry.has(SlabFormat.FLAG_CHUNKED) && last > table) {
        error(entry.label(), entry.offset(), "needs " + last + " chunk checksums of " + table);
      }
    }
  }

  /** Like {@link DirectoryEntry#chunks} for lengths that nothing has bounded yet. */
  private static long chunks(DirectoryEntry entry) {
    return (entry.storedLength() + SlabFormat.CHUNK_BYTES - 1) / SlabFormat.CHUNK_BYTES;
  }

  private void zeros(String section, MemorySegment bytes, long base, int from, int to) {
    long wrong = firstNonZero(bytes, from, to);
    if (wrong >= 0) {
      error(section, base + wrong, "a reserved byte is not zero");
    }
  }

  private static long firstNonZero(MemorySegment bytes, long from, long to) {
    for (long i = from; i < to; i++) {
      if (bytes.get(ValueLayout.JAVA_BYTE, i) != 0) {
        return i;
      }
    }
    return -1;
  }

  static String crcText(int computed, int stored) {
    return "the bytes have the CRC-32C " + Crc.hex(computed) + ", expected " + Crc.hex(stored);
  }

  private MemorySegment read(long offset, long count) {
    return source.read(offset, count);
  }

  private void error(String section, long offset, String problem) {
    findings.error(source.name(), section, offset, problem + rule(section, offset));
  }

  private void unsupported(String section, long offset, String problem) {
    findings.unsupported(source.name(), section, offset, problem + rule(section, offset));
  }

  /** The row of the field at an offset, of header, trailer or directory; else nothing. */
  private String rule(String section, long offset) {
    long trailer = length - SlabFormat.TRAILER_BYTES;
    if (section == null) {
      return " [T-72]"; // Too short for a trailer.
    }
    if ("header".equals(section)) {
      long field =
          offset < 12 ? offset : offset < 16 ? 12 : offset < 40 ? 16 : offset < 60 ? 40 : 60;
      return " [H-" + field + "]";
    }
    if ("directory".equals(section)) {
      return " [T-12]";
    }
    if ("trailer".equals(section)) {
      return " [T-" + (offset - trailer) + "]";
    }
    boolean isEntry = directoryOffset > 0 && offset >= directoryOffset && offset < trailer;
    return isEntry ? " [D-" + (offset - directoryOffset) % SlabFormat.ENTRY_BYTES + "]" : "";
  }
}
