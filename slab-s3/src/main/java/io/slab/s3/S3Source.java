package io.slab.s3;

import io.slab.error.CorruptException;
import io.slab.store.ByteSource;
import io.slab.store.ObjectRange;
import java.lang.foreign.MemorySegment;

/**
 * One object on S3, read by ranges. Opening reads the end of it, which is where a slab is opened
 * from, and learns its length. A long range is fetched in pieces, several at a time; short ones
 * that follow each other come out of a window that is fetched at once. Thread-safe; what was read
 * stays valid after {@link #close}.
 */
final class S3Source implements ByteSource {
  /** What opening reads. */
  static final int TAIL = 64 << 10;

  /** What is fetched when a read goes on where the last one ended. */
  private static final long AHEAD = 4 << 20;

  private final S3Reader reader;
  private final S3Pieces pieces;
  private final String name;
  private final long length;
  private final MemorySegment tail;
  private volatile Window window = new Window(0, MemorySegment.NULL);
  private volatile long expected = -1;

  /** What was read ahead. */
  private record Window(long offset, MemorySegment bytes) {
    boolean covers(long from, long count) {
      return from >= offset && from + count <= offset + bytes.byteSize();
    }

    MemorySegment slice(long from, long count) {
      return bytes.asSlice(from - offset, count);
    }
  }

  private S3Source(S3Reader reader, S3Pieces pieces, String name, long length, MemorySegment tail) {
    this.reader = reader;
    this.pieces = pieces;
    this.name = name;
    this.length = length;
    this.tail = tail;
  }

  static S3Source open(S3Reader reader, S3Pieces pieces, String name) {
    S3Reader.Part part = reader.suffix(name, TAIL);
    return new S3Source(reader, pieces, name, part.objectLength(), part.bytes());
  }

  /** Asks for nothing: the length is known, and whether the object exists shows when it is read. */
  static S3Source known(S3Reader reader, S3Pieces pieces, String name, long length) {
    return new S3Source(reader, pieces, name, length, MemorySegment.NULL);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public boolean mapped() {
    return false;
  }

  @Override
  public MemorySegment read(long offset, long count) {
    ObjectRange.require(name, length, offset, count);
    long tailAt = length - tail.byteSize();
    if (offset >= tailAt) {
      return tail.asSlice(offset - tailAt, count);
    }
    if (count == 0) {
      return MemorySegment.NULL;
    }
    boolean goesOn = offset == expected;
    expected = offset + count;
    Window last = window;
    if (last.covers(offset, count)) {
      return last.slice(offset, count);
    }
    if (!goesOn || count >= AHEAD) {
      return pieces.read(offset, count, this::piece);
    }
    Window next = new Window(offset, piece(offset, Math.min(AHEAD, length - offset)));
    window = next;
    return next.slice(offset, count);
  }

  private MemorySegment piece(long offset, long count) {
    S3Reader.Part part = reader.range(name, offset, count);
    if (part.objectLength() != length) {
      throw new CorruptException(
          name, -1, part.objectLength() + " bytes", length + " bytes as when it was opened");
    }
    return part.bytes();
  }

  @Override
  public void close() {
    // Nothing is held but memory.
  }
}
