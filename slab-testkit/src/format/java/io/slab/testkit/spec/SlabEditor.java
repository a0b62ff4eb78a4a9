package io.slab.testkit.spec;

import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFormat;
import io.slab.bytes.Crc;
import io.slab.bytes.LittleEndian;
import io.slab.model.Ulid;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Changes the bytes of a slab by the tables of the specification and, when told so, makes checksums
 * right again, so that a damage is met by the rule that it breaks and not by a checksum before it.
 */
public final class SlabEditor {
  private final byte[] bytes;
  private final MemorySegment segment;

  public SlabEditor(byte[] slab) {
    this.bytes = slab.clone();
    this.segment = MemorySegment.ofArray(bytes);
  }

  public byte[] bytes() {
    return bytes;
  }

  public int length() {
    return bytes.length;
  }

  public int trailer() {
    return bytes.length - SlabFormat.TRAILER_BYTES;
  }

  public int directory() {
    return Math.toIntExact(u64(trailer()));
  }

  public int hotOffset() {
    return Math.toIntExact(u64(trailer() + 32));
  }

  public int entries() {
    return u32(trailer() + 8);
  }

  /** Place of the n-th directory entry. */
  public int entry(int n) {
    return directory() + n * SlabFormat.ENTRY_BYTES;
  }

  /** Place of the first directory entry of a kind with stored bytes. */
  public int entry(SectionKind kind) {
    for (int n = 0; n < entries(); n++) {
      if (u16(entry(n)) == kind.code() && u64(entry(n) + 16) > 0) {
        return entry(n);
      }
    }
    throw new IllegalArgumentException("no " + kind);
  }

  /** Place of the directory entry of a column's section. */
  public int entry(SectionKind kind, int column) {
    for (int n = 0; n < entries(); n++) {
      if (u16(entry(n)) == kind.code() && u16(entry(n) + 2) == column) {
        return entry(n);
      }
    }
    throw new IllegalArgumentException("no " + kind + " of column " + column);
  }

  /** Place of the first section of a kind. */
  public int section(SectionKind kind) {
    return offset(entry(kind));
  }

  public int offset(int entry) {
    return Math.toIntExact(u64(entry + 8));
  }

  public int stored(int entry) {
    return Math.toIntExact(u64(entry + 16));
  }

  public int u8(int at) {
    return bytes[at] & 0xFF;
  }

  public int u16(int at) {
    return segment.get(LittleEndian.SHORT, at) & 0xFFFF;
  }

  public int u32(int at) {
    return segment.get(LittleEndian.INT, at);
  }

  public long u64(int at) {
    return segment.get(LittleEndian.LONG, at);
  }

  public SlabEditor u8(int at, int value) {
    bytes[at] = (byte) value;
    return this;
  }

  public SlabEditor u16(int at, int value) {
    segment.set(LittleEndian.SHORT, at, (short) value);
    return this;
  }

  public SlabEditor u32(int at, int value) {
    segment.set(LittleEndian.INT, at, value);
    return this;
  }

  public SlabEditor u64(int at, long value) {
    segment.set(LittleEndian.LONG, at, value);
    return this;
  }

  public SlabEditor put(int at, byte[] value) {
    System.arraycopy(value, 0, bytes, at, value.length);
    return this;
  }

  public byte[] get(int at, int length) {
    return Arrays.copyOfRange(bytes, at, at + length);
  }

  public SlabEditor flip(int at) {
    bytes[at] ^= 0x10;
    return this;
  }

  public SlabEditor swap(int a, int b, int length) {
    byte[] first = get(a, length);
    return put(a, get(b, length)).put(b, first);
  }

  private Ulid id() {
    return Ulid.read(segment, trailer() + 16L);
  }

  public SlabEditor sealHeader() {
    return u32(60, Crc.of(bytes, 0, 60));
  }

  public SlabEditor sealTrailer() {
    u32(trailer() + 68, 0);
    return u32(trailer() + 68, Crc.of(bytes, trailer(), SlabFormat.TRAILER_BYTES));
  }

  /** Makes the checksums of directory and trailer right. */
  public SlabEditor sealDirectory() {
    MemorySegment all = segment.asSlice(directory(), (long) trailer() - directory());
    return u32(trailer() + 12, Crc.of(id(), directory(), 0, all)).sealTrailer();
  }

  /** Makes every checksum of a section, and those above it, right. */
  public SlabEditor sealSection(int entry) {
    int at = offset(entry);
    if ((u8(entry + 7) & SlabFormat.FLAG_CHUNKED) == 0) {
      u32(entry + 48, Crc.of(id(), at, 0, segment.asSlice(at, stored(entry))));
      return sealDirectory();
    }
    int table = entry(SectionKind.CHUNK_CRCS);
    int run = offset(table) + 4 * u32(entry + 52);
    int chunks = 0;
    for (int from = 0; from < stored(entry); from += SlabFormat.CHUNK_BYTES, chunks++) {
      int size = Math.min(SlabFormat.CHUNK_BYTES, stored(entry) - from);
      u32(run + 4 * chunks, Crc.of(id(), at, chunks, segment.asSlice((long) at + from, size)));
    }
    u32(entry + 48, Crc.of(id(), at, SlabFormat.CHUNK_TABLE, segment.asSlice(run, 4L * chunks)));
    return sealSection(table);
  }

  /** Replaces text inside a section by text of the same length. */
  public SlabEditor replace(int entry, String from, String to) {
    byte[] old = from.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    byte[] wanted = to.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    if (old.length != wanted.length) {
      throw new IllegalArgumentException(from + " and " + to + " differ in length");
    }
    for (int at = offset(entry); at + old.length <= offset(entry) + stored(entry); at++) {
      if (Arrays.equals(bytes, at, at + old.length, old, 0, old.length)) {
        return put(at, wanted);
      }
    }
    throw new IllegalArgumentException("no " + from);
  }

  /** Sorts the directory again after kinds were changed. */
  public SlabEditor sortDirectory() {
    byte[][] all = new byte[entries()][];
    for (int n = 0; n < all.length; n++) {
      all[n] = get(entry(n), SlabFormat.ENTRY_BYTES);
    }
    Arrays.sort(all, (a, b) -> Long.compare(key(a), key(b)));
    for (int n = 0; n < all.length; n++) {
      put(entry(n), all[n]);
    }
    return this;
  }

  private static long key(byte[] entry) {
    MemorySegment view = MemorySegment.ofArray(entry);
    ValueLayout.OfShort layout = LittleEndian.SHORT;
    return (view.get(layout, 0) & 0xFFFFL) << 32
        | (view.get(layout, 2) & 0xFFFFL) << 16
        | (view.get(layout, 4) & 0xFFFFL);
  }
}
