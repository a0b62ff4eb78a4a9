package io.slab.bytes;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * Unsigned numbers of one width, packed LSB first into consecutive little-endian 64-bit words:
 * value i occupies the bits {@code i * width} to {@code (i + 1) * width - 1}, bit b being bit
 * {@code b mod 64} of word {@code b / 64}. The unused high bits of the last word are zero. Width 0
 * takes no bytes and stands for all zeros.
 */
public final class BitPacking {
  private BitPacking() {}

  /** Bits that a value needs: 0 for 0, 64 for anything with the sign bit set. */
  public static int width(long value) {
    return Long.SIZE - Long.numberOfLeadingZeros(value);
  }

  /** Bytes of {@code count} packed values, a multiple of 8. */
  public static long byteLength(long count, int width) {
    return (Math.multiplyExact(count, (long) width) + 63 >>> 6) * 8;
  }

  /**
   * Reads one value.
   *
   * @param words whole words, the first of which holds bit 0 of value 0; a caller bounds {@code
   *     index} by the count that it checked against the segment's size
   */
  public static long get(MemorySegment words, int width, long index) {
    if (width == 0) {
      return 0;
    }
    long bit = index * width;
    long at = (bit >>> 6) * 8;
    int shift = (int) (bit & 63);
    long value = words.get(LittleEndian.LONG, at) >>> shift;
    if (shift + width > 64) {
      value |= words.get(LittleEndian.LONG, at + 8) << (64 - shift);
    }
    return width == 64 ? value : value & ((1L << width) - 1);
  }

  /** Packs values front to back. One thread only. */
  public static final class Writer {
    private static final int BUFFER = 1 << 13;

    private final int width;
    private final Consumer<MemorySegment> sink;
    private final ByteWriter words = new ByteWriter(BUFFER);
    private long word;
    private int used;

    /**
     * @param sink takes the packed bytes, whole words at a time; it must not keep the segment
     */
    public Writer(int width, Consumer<MemorySegment> sink) {
      this.width = width;
      this.sink = sink;
    }

    public void add(long value) {
      if (width < 64 && value >>> width != 0) {
        throw new IllegalArgumentException(
            Long.toUnsignedString(value) + " needs more than " + width + " bits");
      }
      if (width == 0) {
        return;
      }
      word |= value << used;
      used += width;
      if (used >= 64) {
        put();
        used -= 64;
        // A shift by 64 would be a shift by 0.
        word = used == 0 ? 0 : value >>> (width - used);
      }
    }

    private void put() {
      words.u64(word);
      if (words.size() == BUFFER) {
        flush();
      }
    }

    private void flush() {
      sink.accept(words.segment());
      words.clear();
    }

    /** Writes what is left, zero bits behind it. */
    public void finish() {
      if (used > 0) {
        put();
      }
      if (words.size() > 0) {
        flush();
      }
    }
  }
}
