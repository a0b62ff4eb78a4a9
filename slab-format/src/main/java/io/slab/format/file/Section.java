package io.slab.format.file;

import io.slab.bytes.Crc;
import io.slab.bytes.Segments;
import io.slab.error.CorruptException;
import io.slab.store.KeptBytes;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * One section of an opened slab. Every byte handed out lies in a chunk whose checksum was verified,
 * once per chunk and opened slab. Thread-safe: two threads may verify the same chunk, which costs
 * time and nothing else.
 */
public final class Section {
  /** The first reader of a section up to this size fetches it whole. */
  private static final long WHOLE_BYTES = 1 << 20;

  /** Most chunks that are fetched ahead of a reader that goes on and on. */
  private static final int MAX_STRIDE = 512;

  /** Chunks that are kept of a file that is read by copies. */
  private static final int RECENT = 4;

  private final SlabFile file;
  private final DirectoryEntry entry;
  private final int chunkCount;

  /**
   * Which of several chunks are verified; null before the first one is: slabs of many columns have
   * a hundred thousand sections that are never read.
   */
  private volatile Marks marks;

  /**
   * Of a file that is read by copies: neighbours are mostly asked for one after the other. Null
   * before the first one is read.
   */
  private volatile AtomicReferenceArray<Copy> recent;

  private record Copy(int chunk, MemorySegment bytes) {}

  private record Marks(AtomicLongArray verified, AtomicInteger count) {}

  private volatile boolean allVerified;
  private volatile boolean tableVerified;

  /** Where the last unannounced read ended, and how far it went; a guess, shared by all threads. */
  private volatile long nextChunk;

  private volatile int stride = 1;

  Section(SlabFile file, DirectoryEntry entry) {
    this.file = file;
    this.entry = entry;
    this.chunkCount = Math.max(1, entry.chunks());
  }

  public DirectoryEntry entry() {
    return entry;
  }

  public long length() {
    return entry.storedLength();
  }

  /** Name for errors. */
  public String resource() {
    return file.name() + " " + entry.label();
  }

  /** The whole section. */
  public MemorySegment all() {
    return slice(0, length());
  }

  /** Bytes {@code at .. at + length} of the section, verified; a view where the slab is mapped. */
  public MemorySegment slice(long at, long length) {
    if (at < 0 || length < 0 || at > length() - length) {
      throw entry.corrupt(
          file.name(), at, "a reference to " + length + " bytes", "at most " + length() + " bytes");
    }
    if (length == 0 && length() > 0) {
      return MemorySegment.ofArray(new byte[0]);
    }
    if (allVerified) {
      return file.view(entry.offset() + at, length);
    }
    if (file.kept() != null) {
      bring(at, length);
      return file.view(entry.offset() + at, length);
    }
    if (!file.isSteady()) {
      return copied(at, length);
    }
    if (!entry.has(SlabFormat.FLAG_CHUNKED)) {
      MemorySegment whole = file.read(entry.offset(), length());
      verify(0, whole, entry.crc());
      return whole.asSlice(at, length);
    }
    return chunks(at, length);
  }

  /**
   * The whole section, unverified, where it is mapped and stays so, else null. Of a chunked section
   * those chunks are good that {@link #slice} gave out before.
   */
  public MemorySegment mapped() {
    boolean isView = file.isSteady() && file.kept() == null && entry.has(SlabFormat.FLAG_CHUNKED);
    return isView ? file.read(entry.offset(), length()) : null;
  }

  /** Bytes of a file that is read by copies: each time anew, but for the last few chunks. */
  private MemorySegment copied(long at, long length) {
    long unit = unitBytes();
    int first = (int) (at / unit);
    int last = (int) ((at + Math.max(1, length) - 1) / unit);
    if (last - first >= RECENT) {
      return chunks(at, length);
    }
    MemorySegment bytes = chunk(first);
    if (first == last) {
      return bytes.asSlice(at - (first == 0 ? 0 : first * unit), length);
    }
    MemorySegment joined = MemorySegment.ofArray(new byte[(int) length]);
    for (int number = first; number <= last; number++) {
      long from = Math.max(at, number * unit);
      long end = Math.min(at + length, (number + 1) * unit);
      MemorySegment part = chunk(number);
      MemorySegment.copy(part, from - number * unit, joined, from - at, end - from);
    }
    return joined;
  }

  /** A verified copy of a chunk. */
  private MemorySegment chunk(int number) {
    int slot = number % RECENT;
    AtomicReferenceArray<Copy> copies = copies();
    Copy copy = copies.get(slot);
    if (copy == null || copy.chunk() != number) {
      Chunk chunk = new Chunk(this, number);
      MemorySegment bytes = file.read(chunk.offset(), chunk.length());
      check(number, bytes);
      copy = new Copy(number, bytes);
      copies.set(slot, copy);
    }
    return copy.bytes();
  }

  private AtomicReferenceArray<Copy> copies() {
    AtomicReferenceArray<Copy> copies = recent;
    if (copies == null) {
      synchronized (this) {
        copies = recent == null ? new AtomicReferenceArray<>(RECENT) : recent;
        recent = copies;
      }
    }
    return copies;
  }

  private MemorySegment chunks(long at, long length) {
    int first = (int) (at / SlabFormat.CHUNK_BYTES);
    int last = (int) ((at + length - 1) / SlabFormat.CHUNK_BYTES);
    if (file.isSteady() && areVerified(first, last)) {
      return file.read(entry.offset() + at, length);
    }
    long start = (long) first * SlabFormat.CHUNK_BYTES;
    long end = Math.min((last + 1L) * SlabFormat.CHUNK_BYTES, length());
    MemorySegment crcs = chunkCrcs();
    MemorySegment bytes = file.read(entry.offset() + start, end - start);
    for (int chunk = first; chunk <= last; chunk++) {
      if (!file.isSteady() || !isVerified(chunk)) {
        long from = (long) (chunk - first) * SlabFormat.CHUNK_BYTES;
        long size = Math.min(SlabFormat.CHUNK_BYTES, bytes.byteSize() - from);
        verify(chunk, bytes.asSlice(from, size), Segments.intAt(crcs, 4L * chunk));
      }
    }
    return bytes.asSlice(at - start, length);
  }

  /** True when bytes that are handed out are views: to keep them takes no memory of their own. */
  public boolean givesViews() {
    return file.isSteady();
  }

  /** True when bytes come over a network, so that many should be asked for at once. */
  public boolean isRemote() {
    return file.kept() != null;
  }

  KeptBytes kept() {
    return file.kept();
  }

  /** True when these bytes can be read without a request; always so in a mapped slab. */
  public boolean isAtHand(long at, long length) {
    if (allVerified || file.kept() == null) {
      return true;
    }
    long last = (at + Math.max(1, length) - 1) / unitBytes();
    for (long chunk = at / unitBytes(); chunk <= last; chunk++) {
      if (!isVerified((int) chunk)) {
        return false;
      }
    }
    return true;
  }

  private long unitBytes() {
    return entry.has(SlabFormat.FLAG_CHUNKED) ? SlabFormat.CHUNK_BYTES : Long.MAX_VALUE;
  }

  /** Fetches what was not announced; a reader that goes on and on gets more with each request. */
  private void bring(long at, long length) {
    if (isAtHand(at, length)) {
      return;
    }
    long from = at;
    long end = at + length;
    if (length() <= WHOLE_BYTES) {
      from = 0;
      end = length();
    } else {
      boolean goesOn = at / SlabFormat.CHUNK_BYTES == nextChunk && nextChunk > 0;
      stride = goesOn ? Math.min(MAX_STRIDE, 2 * stride) : 1;
      end = Math.min(length(), Math.max(end, from + (long) stride * SlabFormat.CHUNK_BYTES));
      nextChunk = (end - 1) / SlabFormat.CHUNK_BYTES + 1;
    }
    ReadAhead ahead = new ReadAhead();
    ahead.add(this, from, end - from);
    ahead.run();
  }

  /** The chunks of a stretch that no check was passed by yet. */
  List<Chunk> missing(long at, long length) {
    if (at < 0 || length < 0 || at > length() - length) {
      throw entry.corrupt(
          file.name(), at, "a reference to " + length + " bytes", "at most " + length() + " bytes");
    }
    List<Chunk> missing = new ArrayList<>();
    if (allVerified || length == 0 && length() > 0) {
      return missing;
    }
    long last = (at + Math.max(1, length) - 1) / unitBytes();
    for (long chunk = at / unitBytes(); chunk <= last; chunk++) {
      if (!isVerified((int) chunk)) {
        missing.add(new Chunk(this, (int) chunk));
      }
    }
    return missing;
  }

  /** Verifies all of a section that lies in the hot tail. */
  void verifyHot() {
    MemorySegment bytes = file.read(entry.offset(), length());
    for (int chunk = 0; chunk < chunkCount; chunk++) {
      long from = chunk * (entry.has(SlabFormat.FLAG_CHUNKED) ? (long) SlabFormat.CHUNK_BYTES : 0);
      long size = Math.min(unitBytes(), length() - from);
      check(chunk, bytes.asSlice(from, size));
      markVerified(chunk);
    }
  }

  private void check(int chunk, MemorySegment bytes) {
    int expected =
        entry.has(SlabFormat.FLAG_CHUNKED) ? Segments.intAt(chunkCrcs(), 4L * chunk) : entry.crc();
    verify(chunk, bytes, expected);
  }

  /** What one checksum covers. */
  record Chunk(Section section, int number) implements KeptBytes.Unit {
    @Override
    public long offset() {
      return section.entry.offset() + (number == 0 ? 0 : (long) number * SlabFormat.CHUNK_BYTES);
    }

    @Override
    public long length() {
      long from = offset() - section.entry.offset();
      return Math.min(section.unitBytes(), section.length() - from);
    }

    @Override
    public void check(MemorySegment bytes) {
      section.check(number, bytes);
    }

    void markVerified() {
      section.markVerified(number);
    }
  }

  private MemorySegment chunkCrcs() {
    MemorySegment table = file.chunkCrcs(entry);
    if (!tableVerified && !file.isSalvaged()) {
      int computed = Crc.of(file.id(), entry.offset(), SlabFormat.CHUNK_TABLE, table);
      if (computed != entry.crc()) {
        throw new CorruptException(
                resource() + " chunk checksums",
                -1,
                "CRC " + Crc.hex(computed),
                Crc.hex(entry.crc()))
            .of("D-48");
      }
      tableVerified = true;
    }
    return table;
  }

  private void verify(int chunk, MemorySegment bytes, int expected) {
    int computed = Crc.of(file.id(), entry.offset(), chunk, bytes);
    if (computed != expected) {
      throw entry
          .corrupt(
              file.name(),
              (long) chunk * SlabFormat.CHUNK_BYTES,
              "CRC-32C " + Crc.hex(computed) + " of " + bytes.byteSize() + " bytes",
              Crc.hex(expected))
          .of("D-48");
    }
    if (file.isSteady()) {
      markVerified(chunk);
    }
  }

  private boolean areVerified(int first, int last) {
    for (int chunk = first; chunk <= last; chunk++) {
      if (!isVerified(chunk)) {
        return false;
      }
    }
    return true;
  }

  private boolean isVerified(int chunk) {
    Marks set = marks;
    return allVerified || set != null && (set.verified.get(chunk >> 6) & (1L << chunk)) != 0;
  }

  private void markVerified(int chunk) {
    if (chunkCount == 1) {
      allVerified = true;
      return;
    }
    Marks set = marks();
    long before = set.verified.getAndAccumulate(chunk >> 6, 1L << chunk, (a, b) -> a | b);
    boolean isNew = (before & (1L << chunk)) == 0;
    if (isNew && set.count.incrementAndGet() == chunkCount) {
      allVerified = true;
    }
  }

  private Marks marks() {
    Marks set = marks;
    if (set == null) {
      synchronized (this) {
        set = marks;
        if (set == null) {
          set = new Marks(new AtomicLongArray((chunkCount + 63) / 64), new AtomicInteger());
          marks = set;
        }
      }
    }
    return set;
  }
}
