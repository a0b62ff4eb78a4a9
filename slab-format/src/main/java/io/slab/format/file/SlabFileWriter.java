package io.slab.format.file;

import io.slab.bytes.ByteWriter;
import io.slab.bytes.Crc;
import io.slab.model.Extent;
import io.slab.model.Ulid;
import io.slab.store.ObjectUpload;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Writes the container of a slab front to back: header, cold sections, {@link #hot}, hot sections,
 * {@link #finish}. Holds one chunk of 64 KiB plus 4 bytes of checksum per chunk written. One thread
 * only. The caller commits the upload.
 */
public final class SlabFileWriter {
  private static final byte[] PADDING = new byte[1 << SlabFormat.PAGE_ALIGNMENT_LOG2];

  private final ObjectUpload out;
  private final SlabHeader header;
  private final List<DirectoryEntry> entries = new ArrayList<>();
  private final ByteWriter chunkCrcs = new ByteWriter();

  /** Of the section that is open: others that are still referred to need none. */
  private final byte[] chunk = new byte[SlabFormat.CHUNK_BYTES];

  private long hotOffset = -1;
  private Open open;

  /** Starts a slab and writes its header. */
  public SlabFileWriter(ObjectUpload out, Ulid id, long createdMillis) {
    this.out = out;
    this.header = new SlabHeader(SlabFormat.MAJOR, SlabFormat.MINOR, id, createdMillis);
    out.write(MemorySegment.ofArray(header.toBytes()));
  }

  public Ulid id() {
    return header.id();
  }

  public long createdMillis() {
    return header.createdMillis();
  }

  /** Everything from here to the end of the file is read whole when the slab is opened. */
  public void hot() {
    if (hotOffset >= 0 || open != null) {
      throw new IllegalStateException("hot() comes once, between sections");
    }
    pad(SlabFormat.ALIGNMENT_LOG2);
    hotOffset = out.position();
  }

  /** Begins a section; end it with {@link Open#end}. */
  public Open begin(SectionSpec spec) {
    if (open != null) {
      throw new IllegalStateException("section " + open.spec.kind() + " is still open");
    }
    pad(spec.alignmentLog2());
    open = new Open(spec, out.position());
    return open;
  }

  /** Writes a whole section. */
  public void section(SectionSpec spec, MemorySegment bytes, long rawLength, long items) {
    Open section = begin(spec);
    section.write(bytes);
    section.end(rawLength, items);
  }

  private void pad(int alignmentLog2) {
    long mask = (1L << alignmentLog2) - 1;
    long gap = -out.position() & mask;
    if (gap > 0) {
      out.write(MemorySegment.ofArray(PADDING).asSlice(0, gap));
    }
  }

  /**
   * Writes the chunk checksums, directory and trailer.
   *
   * @return offset of the hot tail, which the namespace manifest records
   */
  public long finish() {
    if (hotOffset < 0) {
      hot();
    }
    if (chunkCrcs.size() > 0) {
      writeChunkCrcs();
    }
    entries.sort(DirectoryEntry.ORDER);
    pad(SlabFormat.ALIGNMENT_LOG2);
    long directoryOffset = out.position();
    ByteWriter directory = new ByteWriter(entries.size() * SlabFormat.ENTRY_BYTES);
    for (DirectoryEntry entry : entries) {
      entry.write(directory);
    }
    int crc = Crc.of(header.id(), directoryOffset, 0, directory.segment());
    out.write(directory.segment());
    long length = out.position() + SlabFormat.TRAILER_BYTES;
    SlabTrailer trailer =
        new SlabTrailer(
            directoryOffset,
            entries.size(),
            crc,
            header.id(),
            hotOffset,
            length,
            0,
            0,
            header.major(),
            header.minor());
    out.write(MemorySegment.ofArray(trailer.toBytes()));
    return hotOffset;
  }

  /** Where sections of some kinds lie that are not in the hot tail, neighbours in one. */
  public List<Extent> extents(Set<SectionKind> kinds) {
    List<Extent> extents = new ArrayList<>();
    List<DirectoryEntry> byOffset = new ArrayList<>(entries);
    byOffset.sort(Comparator.comparingLong(DirectoryEntry::offset));
    for (DirectoryEntry entry : byOffset) {
      if (entry.offset() >= hotOffset
          || kinds.stream().noneMatch(kind -> kind.code() == entry.kind())) {
        continue;
      }
      Extent last = extents.isEmpty() ? null : extents.getLast();
      if (last != null && entry.offset() - last.end() < 1L << SlabFormat.ALIGNMENT_LOG2) {
        extents.removeLast();
        extents.add(new Extent(last.offset(), entry.end() - last.offset()));
      } else {
        extents.add(new Extent(entry.offset(), entry.storedLength()));
      }
    }
    return extents;
  }

  private void writeChunkCrcs() {
    MemorySegment bytes = chunkCrcs.segment();
    pad(SlabFormat.ALIGNMENT_LOG2);
    long offset = out.position();
    out.write(bytes);
    int flags = SlabFormat.FLAG_CRITICAL | SlabFormat.FLAG_HOT;
    entries.add(
        new DirectoryEntry(
            SectionKind.CHUNK_CRCS.code(),
            SlabFormat.NO_COLUMN,
            0,
            SlabFormat.CODEC_NONE,
            flags,
            offset,
            bytes.byteSize(),
            bytes.byteSize(),
            bytes.byteSize() / 4,
            1,
            SlabFormat.ALIGNMENT_LOG2,
            Crc.of(header.id(), offset, 0, bytes),
            0,
            0));
  }

  /** A section being written. */
  public final class Open {
    private final SectionSpec spec;
    private final long offset;
    private final List<Integer> crcs = new ArrayList<>();
    private int filled;

    private Open(SectionSpec spec, long offset) {
      this.spec = spec;
      this.offset = offset;
    }

    /** Where the section begins in the file. */
    public long offset() {
      return offset;
    }

    /** Bytes written to this section so far. */
    public long position() {
      return (long) crcs.size() * SlabFormat.CHUNK_BYTES + filled;
    }

    public void write(byte[] bytes) {
      write(MemorySegment.ofArray(bytes));
    }

    public void write(MemorySegment bytes) {
      long size = bytes.byteSize();
      for (long at = 0; at < size; ) {
        // A full chunk is let go only when more follows, so that a section of exactly one chunk
        // stays unchunked.
        if (filled == chunk.length) {
          closeChunk();
        }
        int step = (int) Math.min(size - at, chunk.length - filled);
        MemorySegment.copy(bytes, at, MemorySegment.ofArray(chunk), filled, step);
        filled += step;
        at += step;
      }
    }

    private void closeChunk() {
      MemorySegment bytes = MemorySegment.ofArray(chunk).asSlice(0, filled);
      crcs.add(Crc.of(header.id(), offset, crcs.size(), bytes));
      out.write(bytes);
      filled = 0;
    }

    /**
     * Ends the section.
     *
     * @param rawLength bytes before compression; the stored length when there is none
     * @param items number of things in the section
     */
    public void end(long rawLength, long items) {
      long stored = position();
      boolean chunked = stored > SlabFormat.CHUNK_BYTES;
      if (filled > 0 || crcs.isEmpty()) {
        closeChunk();
      }
      int crc = crcs.getFirst();
      int first = 0;
      if (chunked) {
        ByteWriter table = new ByteWriter(4 * crcs.size());
        crcs.forEach(table::u32);
        first = chunkCrcs.size() / 4;
        chunkCrcs.bytes(table.array(), 0, table.size());
        crc = Crc.of(header.id(), offset, SlabFormat.CHUNK_TABLE, table.segment());
      }
      entries.add(
          new DirectoryEntry(
              spec.kind().code(),
              spec.column(),
              0,
              spec.codec(),
              flags(chunked),
              offset,
              stored,
              rawLength,
              items,
              spec.encoding(),
              spec.alignmentLog2(),
              crc,
              first,
              spec.param()));
      open = null;
    }

    private int flags(boolean chunked) {
      return (spec.kind().critical() ? SlabFormat.FLAG_CRITICAL : 0)
          | (hotOffset >= 0 ? SlabFormat.FLAG_HOT : 0)
          | (chunked ? SlabFormat.FLAG_CHUNKED : 0)
          | (spec.kind().derived() ? SlabFormat.FLAG_DERIVED : 0);
    }
  }
}
