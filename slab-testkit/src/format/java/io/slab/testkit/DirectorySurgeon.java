package io.slab.testkit;

import io.slab.bytes.Crc;
import io.slab.bytes.LittleEndian;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFormat;
import io.slab.model.Ulid;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Changes the trailer and the directory of a slab, with their checksums right again, to what no
 * writer of this version writes.
 */
public final class DirectorySurgeon {
  private static final int ENTRY = SlabFormat.ENTRY_BYTES;

  private final byte[] bytes;
  private final MemorySegment all;
  private final int trailer;
  private final int directory;
  private final int entries;

  public DirectorySurgeon(byte[] slab) {
    this.bytes = slab.clone();
    this.all = MemorySegment.ofArray(bytes);
    this.trailer = bytes.length - SlabFormat.TRAILER_BYTES;
    this.directory = Math.toIntExact(all.get(LittleEndian.LONG, trailer));
    this.entries = all.get(LittleEndian.INT, trailer + 8L);
  }

  /** The first section of a kind. */
  public static DirectoryEntry find(byte[] slab, SectionKind kind) {
    return SlabSurgeon.sections(slab).stream()
        .filter(entry -> entry.kind() == kind.code())
        .findFirst()
        .orElseThrow();
  }

  /** Sets the required features of the trailer. */
  public DirectorySurgeon require(long features) {
    all.set(LittleEndian.LONG, trailer + 48L, features);
    return this;
  }

  /** Sets the optional features of the trailer. */
  public DirectorySurgeon optional(long features) {
    all.set(LittleEndian.LONG, trailer + 56L, features);
    return this;
  }

  /** Puts another entry, about the same bytes, in the place of one. */
  public DirectorySurgeon change(DirectoryEntry from, DirectoryEntry to) {
    for (int at = directory; at < trailer; at += ENTRY) {
      if (all.get(LittleEndian.LONG, at + 8L) == from.offset()
          && Short.toUnsignedInt(all.get(LittleEndian.SHORT, at)) == from.kind()) {
        write(to, at);
        return this;
      }
    }
    throw new IllegalArgumentException("no " + from.label());
  }

  private void write(DirectoryEntry to, int at) {
    all.set(LittleEndian.SHORT, at, (short) to.kind());
    all.set(LittleEndian.SHORT, at + 2L, (short) to.column());
    all.set(LittleEndian.SHORT, at + 4L, (short) to.part());
    all.set(ValueLayout.JAVA_BYTE, at + 6L, (byte) to.codec());
    all.set(ValueLayout.JAVA_BYTE, at + 7L, (byte) to.flags());
    all.set(LittleEndian.SHORT, at + 40L, (short) to.encoding());
    all.set(LittleEndian.LONG, at + 56L, to.param());
  }

  /** Flips a bit of the first byte of a section, whose checksum is wrong then. */
  public DirectorySurgeon damage(DirectoryEntry entry) {
    bytes[(int) entry.offset()] ^= 1;
    return this;
  }

  /** The slab, its entries in order. */
  public byte[] bytes() {
    byte[][] sorted = new byte[entries][];
    for (int n = 0; n < entries; n++) {
      sorted[n] = Arrays.copyOfRange(bytes, directory + n * ENTRY, directory + (n + 1) * ENTRY);
    }
    Arrays.sort(sorted, Comparator.comparingLong(DirectorySurgeon::key));
    for (int n = 0; n < entries; n++) {
      System.arraycopy(sorted[n], 0, bytes, directory + n * ENTRY, ENTRY);
    }
    Ulid id = Ulid.read(all, trailer + 16L);
    int crc = Crc.of(id, directory, 0, all.asSlice(directory, (long) entries * ENTRY));
    all.set(LittleEndian.INT, trailer + 12L, crc);
    all.set(LittleEndian.INT, trailer + 68L, 0);
    all.set(
        LittleEndian.INT, trailer + 68L, Crc.of(bytes, trailer, SlabFormat.TRAILER_BYTES));
    return bytes;
  }

  private static long key(byte[] entry) {
    MemorySegment view = MemorySegment.ofArray(entry);
    long key = 0;
    for (int at = 0; at < 6; at += 2) {
      key = key << 16 | Short.toUnsignedLong(view.get(LittleEndian.SHORT, at));
    }
    return key;
  }

  /** An entry under another kind, part and flags. */
  public static DirectoryEntry as(DirectoryEntry e, int kind, int part, int flags) {
    long param = kind == e.kind() ? e.param() : 0;
    return of(e, kind, e.column(), part, e.codec(), flags, e.encoding(), param);
  }

  /** An entry under another encoding and codec. */
  public static DirectoryEntry coded(DirectoryEntry e, int codec, int encoding) {
    return of(e, e.kind(), e.column(), e.part(), codec, e.flags(), encoding, e.param());
  }

  private static DirectoryEntry of(
      DirectoryEntry e,
      int kind,
      int column,
      int part,
      int codec,
      int flags,
      int encoding,
      long param) {
    return new DirectoryEntry(
        kind,
        column,
        part,
        codec,
        flags,
        e.offset(),
        e.storedLength(),
        e.rawLength(),
        e.items(),
        encoding,
        e.alignmentLog2(),
        e.crc(),
        e.firstChunk(),
        param);
  }
}
