package io.slab.format;

import io.slab.error.CorruptException;
import io.slab.io.Crc;
import io.slab.io.Segments;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * One section of an opened slab. Every byte handed out lies in a chunk whose checksum was verified,
 * once per chunk and opened slab. Thread-safe: two threads may verify the same chunk, which costs
 * time and nothing else.
 */
public final class Section {
  private final SlabFile file;
  private final DirectoryEntry entry;
  private final int chunkCount;
  private final AtomicLongArray verified;
  private final AtomicInteger verifiedCount = new AtomicInteger();
  private volatile boolean allVerified;
  private volatile boolean tableVerified;

  Section(SlabFile file, DirectoryEntry entry) {
    this.file = file;
    this.entry = entry;
    this.chunkCount = Math.max(1, entry.chunks());
    this.verified = new AtomicLongArray((chunkCount + 63) / 64);
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
      return file.read(entry.offset() + at, length);
    }
    if (!entry.has(SlabFormat.FLAG_CHUNKED)) {
      MemorySegment whole = file.read(entry.offset(), length());
      verify(0, whole, entry.crc());
      return whole.asSlice(at, length);
    }
    return chunks(at, length);
  }

  private MemorySegment chunks(long at, long length) {
    int first = (int) (at / SlabFormat.CHUNK_BYTES);
    int last = (int) ((at + length - 1) / SlabFormat.CHUNK_BYTES);
    long start = (long) first * SlabFormat.CHUNK_BYTES;
    long end = Math.min((last + 1L) * SlabFormat.CHUNK_BYTES, length());
    MemorySegment crcs = chunkCrcs();
    MemorySegment bytes = file.read(entry.offset() + start, end - start);
    for (int chunk = first; chunk <= last; chunk++) {
      if (file.rereads() || !isVerified(chunk)) {
        long from = (long) (chunk - first) * SlabFormat.CHUNK_BYTES;
        long size = Math.min(SlabFormat.CHUNK_BYTES, bytes.byteSize() - from);
        verify(chunk, bytes.asSlice(from, size), Segments.intAt(crcs, 4L * chunk));
      }
    }
    return bytes.asSlice(at - start, length);
  }

  private MemorySegment chunkCrcs() {
    MemorySegment table = file.chunkCrcs(entry);
    if (!tableVerified) {
      int computed = Crc.of(file.id(), entry.offset(), SlabFormat.CHUNK_TABLE, table);
      if (computed != entry.crc()) {
        throw new CorruptException(
            resource() + " chunk checksums", -1, "CRC " + Crc.hex(computed), Crc.hex(entry.crc()));
      }
      tableVerified = true;
    }
    return table;
  }

  private void verify(int chunk, MemorySegment bytes, int expected) {
    int computed = Crc.of(file.id(), entry.offset(), chunk, bytes);
    if (computed != expected) {
      throw entry.corrupt(
          file.name(),
          (long) chunk * SlabFormat.CHUNK_BYTES,
          "CRC-32C " + Crc.hex(computed) + " of " + bytes.byteSize() + " bytes",
          Crc.hex(expected));
    }
    if (!file.rereads()) {
      markVerified(chunk);
    }
  }

  private boolean isVerified(int chunk) {
    return (verified.get(chunk >> 6) & (1L << chunk)) != 0;
  }

  private void markVerified(int chunk) {
    long before = verified.getAndAccumulate(chunk >> 6, 1L << chunk, (a, b) -> a | b);
    boolean isNew = (before & (1L << chunk)) == 0;
    if (isNew && verifiedCount.incrementAndGet() == chunkCount) {
      allVerified = true;
    }
  }
}
