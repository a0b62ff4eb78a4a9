package io.slab.format.file;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.ByteWriter;
import io.slab.error.CorruptException;
import io.slab.model.PrivateNumbers;
import java.util.Comparator;

/**
 * One 64-byte directory entry (spec/slab-file.md, "Directory").
 *
 * <pre>
 *  0  2  kind       7  1  flags            32  8  items          48  4  CRC
 *  2  2  column     8  8  offset           40  2  encoding       52  4  first chunk index
 *  4  2  part      16  8  stored length    42  2  zero           56  8  param
 *  6  1  codec     24  8  raw length       44  1  log2 alignment, then 3 zero
 * </pre>
 *
 * @param kind raw kind code; see {@link SectionKind#ofCode}
 */
public record DirectoryEntry(
    int kind,
    int column,
    int part,
    int codec,
    int flags,
    long offset,
    long storedLength,
    long rawLength,
    long items,
    int encoding,
    int alignmentLog2,
    int crc,
    int firstChunk,
    long param) {
  /** Order of entries in the directory. */
  public static final Comparator<DirectoryEntry> ORDER = DirectoryEntry::compare;

  // Not composed of Comparator.comparing...: the JVM's start-up cache does not hold the lambdas
  // that
  // those make inside the JDK, and linking them costs each start milliseconds.
  private static int compare(DirectoryEntry a, DirectoryEntry b) {
    int order = Integer.compare(a.kind, b.kind);
    order = order != 0 ? order : Integer.compare(a.column, b.column);
    return order != 0 ? order : Integer.compare(a.part, b.part);
  }

  public boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** First byte after the section. */
  public long end() {
    return offset + storedLength;
  }

  /**
   * True when the hot flag agrees with where the section lies. Nothing is said of an empty section:
   * it lies nowhere.
   */
  public static boolean hotAsPlaced(DirectoryEntry entry, long hotOffset) {
    return entry.storedLength() == 0
        || entry.has(SlabFormat.FLAG_HOT) == entry.offset() >= hotOffset;
  }

  /** Number of checksummed chunks; 0 when the section has a single checksum. */
  public int chunks() {
    return has(SlabFormat.FLAG_CHUNKED)
        ? Math.toIntExact((storedLength + SlabFormat.CHUNK_BYTES - 1) / SlabFormat.CHUNK_BYTES)
        : 0;
  }

  /**
   * The kind, or null when this version does not know it: another part than 0 is as good as an
   * unknown kind, be it the number of a vector or not.
   */
  public SectionKind knownKind() {
    return part == 0 ? SectionKind.ofCode(kind) : null;
  }

  /** The kind's name, or its number in hexadecimal when this version does not know it. */
  public String kindName() {
    SectionKind known = SectionKind.ofCode(kind);
    return known == null ? "0x" + Integer.toHexString(kind) : known.name();
  }

  /**
   * Name for errors: kind, column, and the part where it is not the usual one. It is one word, from
   * which {@link DerivedGroup} tells what an error is about.
   */
  public String label() {
    String name = column == SlabFormat.NO_COLUMN ? kindName() : kindName() + "[" + column + "]";
    return part == 0 ? name : name + "#" + part;
  }

  void write(ByteWriter out) {
    out.u16(kind).u16(column).u16(part).u8(codec).u8(flags);
    out.u64(offset).u64(storedLength).u64(rawLength).u64(items);
    out.u16(encoding).u16(0).u8(alignmentLog2).zeros(3);
    out.u32(crc).u32(firstChunk).u64(param);
  }

  /** Reads one entry and checks what can be checked without its neighbours. */
  static DirectoryEntry read(ByteCursor in, long directoryOffset) {
    int kind = in.u16("kind");
    int column = in.u16("column");
    int part = in.u16("part");
    int codec = in.u8("codec");
    int flags = in.u8("flags");
    long offset = in.u64("section offset");
    long stored = in.u64("stored length");
    long raw = in.u64("raw length");
    long items = in.u64("item count");
    int encoding = in.u16("encoding");
    int early = in.u16("reserved entry bytes");
    int alignment = in.u8("alignment");
    int reserved = early | in.u16("reserved entry bytes") | in.u8("reserved entry bytes");
    DirectoryEntry entry =
        new DirectoryEntry(
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
            in.i32("section CRC"),
            in.i32("first chunk"),
            in.u64("param"));
    entry.checkKind(in);
    entry.check(in, directoryOffset);
    if (reserved != 0) {
      throw in.corrupt("reserved bytes of " + entry.label() + " that are not zero", "zeros")
          .of(early != 0 ? "D-42" : "D-45");
    }
    entry.checkMeaning(in);
    return entry;
  }

  private void checkKind(ByteCursor in) {
    if (knownKind() == null && has(SlabFormat.FLAG_CRITICAL)) {
      throw in.unsupported(
              "the critical section " + label(),
              "one that this version knows",
              PrivateNumbers.hint(kind >= PrivateNumbers.KIND))
          .of("Y-4");
    }
  }

  private void check(ByteCursor in, long directoryOffset) {
    if ((flags & ~SlabFormat.FLAGS_KNOWN) != 0) {
      throw in.corrupt("flags " + flags, "no reserved flag in " + label()).of("D-7");
    }
    if (offset < SlabFormat.HEADER_BYTES
        || storedLength < 0
        || storedLength > directoryOffset
        || offset > directoryOffset - storedLength) {
      throw in.corrupt(
              label() + " at " + offset + " of " + storedLength + " bytes",
              "a section inside 64 to " + directoryOffset)
          .of("D-16");
    }
    if (alignmentLog2 < SlabFormat.ALIGNMENT_LOG2
        || alignmentLog2 > 30
        || (offset & ((1L << alignmentLog2) - 1)) != 0) {
      throw in.corrupt(
              label() + " at " + offset + " with alignment 2^" + alignmentLog2,
              "an aligned section")
          .of("D-44");
    }
    if (rawLength < 0 || items < 0) {
      throw in.corrupt(label() + " raw length " + rawLength + ", items " + items, "no negatives")
          .of(rawLength < 0 ? "D-24" : "D-32");
    }
    if (codec == SlabFormat.CODEC_NONE && rawLength != storedLength) {
      throw in.corrupt(
              label() + " raw length " + rawLength,
              storedLength + " as stored, for nothing is packed")
          .of("D-24");
    }
    if (has(SlabFormat.FLAG_CHUNKED) != storedLength > SlabFormat.CHUNK_BYTES
        && kind != SectionKind.CHUNK_CRCS.code()) {
      throw in.corrupt(
              label() + " of " + storedLength + " bytes, flags " + flags,
              "the chunked flag exactly when longer than " + SlabFormat.CHUNK_BYTES)
          .of("F-CHUNKED");
    }
  }

  /** The rules about fields that mean something, or nothing, for the kind of the section. */
  private void checkMeaning(ByteCursor in) {
    if (!has(SlabFormat.FLAG_CHUNKED) && firstChunk != 0) {
      throw in.corrupt(
              label() + " with first chunk " + Integer.toUnsignedString(firstChunk),
              "0, for it is not chunked")
          .of("D-52");
    }
    SectionKind known = knownKind();
    if (known == null) {
      return;
    }
    if (known.perColumn() != (column != SlabFormat.NO_COLUMN)) {
      throw in.corrupt(
              known + " with column " + column,
              known.perColumn() ? "the number of a column" : "the number for no column")
          .of("D-2");
    }
    if (!known.hasEncoding(encoding)) {
      return;
    }
    if (param != 0 && !known.hasParam(encoding)) {
      throw in.corrupt(label() + " with param " + param, "0, for it has no meaning there")
          .of("D-56");
    }
    if (known == SectionKind.RAW_VECTORS && alignmentLog2 != SlabFormat.PAGE_ALIGNMENT_LOG2) {
      throw in.corrupt(
              label() + " with alignment 2^" + alignmentLog2, "2^" + SlabFormat.PAGE_ALIGNMENT_LOG2)
          .of("D-44");
    }
  }

  /** An error about this section's content. */
  public CorruptException corrupt(String slab, long at, String found, String expected) {
    return new CorruptException(slab + " " + label(), offset + at, found, expected);
  }
}
