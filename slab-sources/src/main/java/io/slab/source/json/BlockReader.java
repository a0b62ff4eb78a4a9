package io.slab.source.json;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Cuts a stream into blocks of whole lines in bounded memory: at most one buffer per block that the
 * caller has not handed back, each about a megabyte, or as long as the longest line up to the limit
 * (and never more than {@link #MAX_LINE_BYTES} and a little). One thread only.
 */
public final class BlockReader implements AutoCloseable {
  /** Longest line in bytes, without its end. */
  public static final int MAX_LINE_BYTES = 16 << 20;

  /** Usual size of a block: large enough to make hand-over between threads cheap. */
  static final int BLOCK_BYTES = 1 << 20;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long NEWLINES = ONES * '\n';

  private final InputStream in;
  private final int blockBytes;
  private final int maxLine;

  /** The beginning of a line whose end was not read yet. */
  private byte[] carry = new byte[0];

  private int carried;
  private long offset;
  private long line = 1;
  private boolean skipping;
  private boolean ended;

  public BlockReader(InputStream in) {
    this(in, BLOCK_BYTES, MAX_LINE_BYTES);
  }

  public BlockReader(InputStream in, int blockBytes, int maxLine) {
    this.in = in;
    this.blockBytes = blockBytes;
    this.maxLine = maxLine;
  }

  public int maxLine() {
    return maxLine;
  }

  /**
   * Reads the next block.
   *
   * @param recycled a buffer of an earlier block that is no longer used, or null
   * @return null at the end of the input
   */
  public LineBlock next(byte[] recycled) throws IOException {
    byte[] buffer =
        recycled != null && recycled.length >= blockBytes ? recycled : new byte[blockBytes];
    if (carried > buffer.length) {
      buffer = new byte[carried];
    }
    System.arraycopy(carry, 0, buffer, 0, carried);
    int size = carried;
    carried = 0;
    if (skipping) {
      size = skipRestOfLine(buffer, size);
    }
    int cut = lastNewline(buffer, 0, size) + 1;
    // A pipe that has nothing more to give now should not hold up the lines it gave.
    while (!ended && (cut == 0 || (size < buffer.length && in.available() > 0))) {
      if (size == buffer.length) {
        if (size >= maxLine + 2) {
          return overlong(buffer, size);
        }
        buffer = Arrays.copyOf(buffer, (int) Math.min(maxLine + 2L, buffer.length * 2L));
      }
      int n = in.read(buffer, size, buffer.length - size);
      if (n < 0) {
        ended = true;
      } else {
        cut = Math.max(cut, lastNewline(buffer, size, size + n) + 1);
        size += n;
      }
    }
    return block(buffer, ended ? size : cut, size);
  }

  private LineBlock block(byte[] buffer, int cut, int size) {
    if (cut == 0) {
      return null;
    }
    carry(buffer, cut, size);
    LineBlock block = new LineBlock(buffer, cut, offset, line, false);
    offset += cut;
    line += countNewlines(buffer, cut);
    return block;
  }

  private LineBlock overlong(byte[] buffer, int size) {
    LineBlock block = new LineBlock(buffer, size, offset, line, true);
    offset += size;
    line++;
    skipping = true;
    return block;
  }

  /** Drops bytes up to and including the next newline; returns how many bytes after it are held. */
  private int skipRestOfLine(byte[] buffer, int held) throws IOException {
    int size = held;
    while (true) {
      int newline = firstNewline(buffer, 0, size);
      if (newline < size) {
        skipping = false;
        offset += newline + 1L;
        System.arraycopy(buffer, newline + 1, buffer, 0, size - newline - 1);
        return size - newline - 1;
      }
      offset += size;
      size = in.read(buffer, 0, buffer.length);
      if (size < 0) {
        ended = true;
        return 0;
      }
    }
  }

  private void carry(byte[] buffer, int from, int to) {
    carried = to - from;
    if (carry.length < carried) {
      carry = new byte[Math.max(carried, 4096)];
    }
    System.arraycopy(buffer, from, carry, 0, carried);
  }

  private static int lastNewline(byte[] bytes, int from, int to) {
    for (int i = to - 1; i >= from; i--) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** Offset of the first newline in a range, or {@code to}. */
  public static int firstNewline(byte[] bytes, int from, int to) {
    int i = from;
    for (; i + 8 <= to; i += 8) {
      long x = (long) LONG.get(bytes, i) ^ NEWLINES;
      long zeros = (x - ONES) & ~x & HIGHS;
      if (zeros != 0) {
        return i + (Long.numberOfTrailingZeros(zeros) >>> 3);
      }
    }
    while (i < to && bytes[i] != '\n') {
      i++;
    }
    return i;
  }

  private static int countNewlines(byte[] bytes, int to) {
    int count = 0;
    for (int i = firstNewline(bytes, 0, to); i < to; i = firstNewline(bytes, i + 1, to)) {
      count++;
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
