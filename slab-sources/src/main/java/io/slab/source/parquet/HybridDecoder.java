package io.slab.source.parquet;

import java.util.Arrays;

/**
 * Reads integers of a fixed width in runs and packed groups of eight (Parquet's RLE encoding), as
 * levels and dictionary numbers are written. Any number of values at a time. One thread only.
 */
final class HybridDecoder {
  private final byte[] data;
  private final int width;
  private final int end;
  private int pos;

  /** Values that are left of the current run. */
  private int left;

  private boolean packed;
  private int value;

  /** In a packed run: bit at which the next value begins, counted from {@link #pos}. */
  private long bit;

  /**
   * @param width bits of a value, 0 to 32
   */
  HybridDecoder(byte[] data, int from, int to, int width) {
    this.data = data;
    this.width = width;
    pos = from;
    end = to;
  }

  /** Reads levels, which are small. */
  void read(byte[] into, int from, int count) {
    int at = from;
    int to = from + count;
    while (at < to) {
      if (left == 0) {
        run();
      }
      int n = Math.min(left, to - at);
      if (!packed) {
        Arrays.fill(into, at, at + n, (byte) value);
      } else if (width == 1) {
        bits(into, at, n);
      } else {
        for (int i = 0; i < n; i++) {
          into[at + i] = (byte) packedValue();
        }
      }
      at += n;
      left -= n;
    }
  }

  /** Reads integers. */
  void read(int[] into, int from, int count) {
    int at = from;
    int to = from + count;
    while (at < to) {
      if (left == 0) {
        run();
      }
      int n = Math.min(left, to - at);
      if (!packed) {
        Arrays.fill(into, at, at + n, value);
      } else {
        for (int i = 0; i < n; i++) {
          into[at + i] = packedValue();
        }
      }
      at += n;
      left -= n;
    }
  }

  private void run() {
    if (packed) {
      pos += (int) ((bit + 7) >>> 3);
      bit = 0;
      packed = false;
    }
    long header = varint();
    if ((header & 1) == 0) {
      long count = header >>> 1;
      int bytes = (width + 7) / 8;
      if (count == 0 || count > Integer.MAX_VALUE || bytes > end - pos) {
        throw new Malformed("a run of " + count + " values that cannot be");
      }
      value = 0;
      for (int i = 0; i < bytes; i++) {
        value |= (data[pos++] & 0xFF) << 8 * i;
      }
      left = (int) count;
    } else {
      long count = (header >>> 1) * 8;
      // The last group may be cut where its values end.
      long there = width == 0 ? count : (end - pos) * 8L / width;
      if (count == 0 || count > Integer.MAX_VALUE || there == 0) {
        throw new Malformed("packed values that end early");
      }
      packed = true;
      bit = 0;
      left = (int) Math.min(count, there);
    }
  }

  private long varint() {
    long result = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      if (pos >= end) {
        throw new Malformed("runs that end early");
      }
      byte b = data[pos++];
      result |= (b & 0x7FL) << shift;
      if (b >= 0) {
        return result;
      }
    }
    throw new Malformed("a run whose length does not end");
  }

  private void bits(byte[] into, int from, int count) {
    for (int i = 0; i < count; i++, bit++) {
      into[from + i] = (byte) (data[pos + (int) (bit >>> 3)] >>> (bit & 7) & 1);
    }
  }

  private int packedValue() {
    if (width == 0) {
      return 0;
    }
    int at = pos + (int) (bit >>> 3);
    int shift = (int) (bit & 7);
    long word = 0;
    int bytes = (shift + width + 7) >>> 3;
    for (int i = 0; i < bytes; i++) {
      word |= (data[at + i] & 0xFFL) << 8 * i;
    }
    bit += width;
    return (int) (word >>> shift & (1L << width) - 1);
  }
}
