package io.slab.check;

import io.slab.bytes.ByteCursor;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFormat;
import io.slab.model.PrivateNumbers;
import io.slab.model.Ulid;
import io.slab.store.ByteSource;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The quick check of a slab: decodes its ends and its directory by itself (and not by the reader
 * that it checks), and goes on after a problem as long as what follows can be told from it.
 */
final class SlabStructure {
  private static final int LEAST = SlabFormat.HEADER_BYTES + SlabFormat.TRAILER_BYTES;

  private final ByteSource source;
  private final StructureFindings findings;
  private final long length;
  private final List<DirectoryEntry> entries = new ArrayList<>();

  /** Null when the directory cannot be found. */
  private SlabEnds ends;

  private SlabStructure(ByteSource source, Findings findings) {
    this.source = source;
    this.findings = new StructureFindings(source, findings);
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
    return ends != null;
  }

  Ulid id() {
    return ends.id();
  }

  long hotOffset() {
    return ends.hotOffset();
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
      findings.error(
          null, 0, "a file of " + length + " bytes, expected a slab of at least " + LEAST);
      return;
    }
    ends = SlabEnds.check(source, findings);
    if (ends != null) {
      directory();
      placement();
      chunkTable();
    }
  }

  private void directory() {
    long base = length - SlabFormat.TRAILER_BYTES;
    MemorySegment bytes = source.read(ends.directoryOffset(), base - ends.directoryOffset());
    DirectoryEntry previous = null;
    for (long at = 0; at < bytes.byteSize(); at += SlabFormat.ENTRY_BYTES) {
      MemorySegment one = bytes.asSlice(at, SlabFormat.ENTRY_BYTES);
      long place = ends.directoryOffset() + at;
      DirectoryEntry entry = decode(one);
      findings.zeros(entry.label(), one, place, 42, 44);
      findings.zeros(entry.label(), one, place, 45, 48);
      if (previous != null && DirectoryEntry.ORDER.compare(previous, entry) >= 0) {
        findings.error(
            entry.label(), place, "comes after " + previous.label() + " in the directory");
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
      findings.unsupported(
          label,
          place,
          "a critical section of unknown kind"
              + PrivateNumbers.knownBy(entry.kind() >= PrivateNumbers.KIND));
    }
    if (kind != null && kind.critical() && !entry.has(SlabFormat.FLAG_CRITICAL)) {
      findings.error(label, place + 7, "the critical flag is not set");
    }
    if (kind != null && entry.codec() > SlabFormat.CODEC_ZSTD) {
      findings.unsupported(label, place + 6, "unknown codec " + entry.codec());
    }
    if ((entry.flags() & ~SlabFormat.FLAGS_KNOWN) != 0) {
      findings.error(label, place + 7, "unknown flags " + entry.flags());
    }
    long stored = entry.storedLength();
    if (entry.offset() < SlabFormat.HEADER_BYTES
        || stored < 0
        || stored > ends.directoryOffset()
        || entry.offset() > ends.directoryOffset() - stored) {
      findings.error(
          label,
          place + 8,
          "lies at "
              + entry.offset()
              + " with "
              + stored
              + " bytes, outside of 64 to "
              + ends.directoryOffset());
      return false;
    }
    int log2 = entry.alignmentLog2();
    if (log2 < SlabFormat.ALIGNMENT_LOG2 || log2 > 30 || entry.offset() % (1L << log2) != 0) {
      findings.error(
          label, place + 44, "lies at " + entry.offset() + ", expected a multiple of 2^" + log2);
    }
    boolean longer = stored > SlabFormat.CHUNK_BYTES && kind != SectionKind.CHUNK_CRCS;
    if (entry.has(SlabFormat.FLAG_CHUNKED) != longer) {
      findings.error(label, place + 7, "has " + stored + " bytes and a wrong chunked flag");
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
        findings.error(
            entry.label(), entry.offset(), "overlaps " + last + ", which ends at " + end);
      } else {
        gap(end, entry.offset(), last);
      }
      if (entry.end() >= end) {
        end = entry.end();
        last = entry.label();
      }
      if (!DirectoryEntry.hotAsPlaced(entry, ends.hotOffset())) {
        findings.error(
            entry.label(),
            entry.offset(),
            "its hot flag contradicts the hot offset " + ends.hotOffset());
      }
    }
    gap(end, ends.directoryOffset(), last);
  }

  /** Padding is never as long as a page; a longer gap is lost space, and read in steps. */
  private void gap(long from, long to, String after) {
    for (long at = from; at < to; at += SlabFormat.CHUNK_BYTES) {
      MemorySegment bytes = source.read(at, Math.min(to - at, SlabFormat.CHUNK_BYTES));
      long wrong = StructureFindings.firstNonZero(bytes, 0, bytes.byteSize());
      if (wrong >= 0) {
        findings.error("padding after " + after, at + wrong, "a non-zero byte, expected zeros");
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
          findings.error(
              entry.label(), entry.offset(), entry.storedLength() + " bytes, expected u32s");
        }
      }
    }
    for (DirectoryEntry entry : entries) {
      long last = Integer.toUnsignedLong(entry.firstChunk()) + chunks(entry);
      if (entry.has(SlabFormat.FLAG_CHUNKED) && last > table) {
        findings.error(
            entry.label(), entry.offset(), "needs " + last + " chunk checksums of " + table);
      }
    }
  }

  /** Like {@link DirectoryEntry#chunks} for lengths that nothing has bounded yet. */
  private static long chunks(DirectoryEntry entry) {
    return (entry.storedLength() + SlabFormat.CHUNK_BYTES - 1) / SlabFormat.CHUNK_BYTES;
  }
}
