package io.slab.source.parquet;

import io.slab.store.ByteSource;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The bytes of a column chunk, read piece by piece. One thread only. */
final class ChunkInput extends InputStream {
  /** Bytes that a remote store is asked for at once. */
  private static final int REMOTE_PIECE = 4 << 20;

  private final ByteSource source;
  private final long end;
  private long pos;
  private MemorySegment piece = MemorySegment.NULL;
  private long pieceStart;

  ChunkInput(ByteSource source, long start, long length) {
    this.source = source;
    pos = start;
    end = start + length;
  }

  long position() {
    return pos;
  }

  long remaining() {
    return end - pos;
  }

  private void ensure() {
    if (pos < pieceStart || pos >= pieceStart + piece.byteSize()) {
      // A view of mapped memory of any length costs nothing.
      long length = source.mapped() ? end - pos : Math.min(REMOTE_PIECE, end - pos);
      piece = source.read(pos, length);
      pieceStart = pos;
    }
  }

  @Override
  public int read() {
    if (pos >= end) {
      return -1;
    }
    ensure();
    return piece.get(ValueLayout.JAVA_BYTE, pos++ - pieceStart) & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int length) {
    if (pos >= end) {
      return -1;
    }
    ensure();
    int n = (int) Math.min(length, pieceStart + piece.byteSize() - pos);
    MemorySegment.copy(piece, ValueLayout.JAVA_BYTE, pos - pieceStart, into, from, n);
    pos += n;
    return n;
  }
}
