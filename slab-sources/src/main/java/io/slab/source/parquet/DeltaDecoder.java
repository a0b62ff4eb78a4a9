package io.slab.source.parquet;

/**
 * Integers as differences, packed in blocks (encoding DELTA_BINARY_PACKED). A block is read when a
 * value of it is wanted and not before: some writers leave out what no value needs. One thread
 * only.
 */
final class DeltaDecoder implements ValueDecoder {
  private final byte[] data;
  private final int end;
  private final boolean narrow;
  private int pos;
  private final int miniBlocks;
  private final int miniSize;
  private final long total;
  private long given;
  private long last;
  private long minDelta;
  private int[] widths;
  private int mini;
  private int inMini;
  private int width;
  private int miniStart;

  /**
   * @param narrow true when sums wrap at 32 bits
   * @param most largest number of values the page can have
   */
  DeltaDecoder(byte[] data, int from, int to, boolean narrow, int most) {
    this.data = data;
    this.narrow = narrow;
    pos = from;
    end = to;
    long blockSize = varint();
    long minis = varint();
    total = varint();
    last = zigzag();
    if (minis < 1
        || minis > 1 << 16
        || blockSize < 1
        || blockSize > 1 << 24
        || blockSize % minis != 0) {
      throw new Malformed("blocks of " + blockSize + " values in " + minis + " parts");
    }
    if (total < 0 || total > most) {
      throw new Malformed(total + " values in a page of " + most);
    }
    miniBlocks = (int) minis;
    miniSize = (int) (blockSize / minis);
    mini = miniBlocks;
    inMini = miniSize;
  }

  /** Number of values in all. */
  int total() {
    return (int) total;
  }

  /** Where the bytes after the last value begin; only when all were read. */
  int position() {
    return pos;
  }

  @Override
  public void read(Window into, int from, int count) {
    for (int i = 0; i < count; i++) {
      into.longs[from + i] = next();
    }
  }

  long next() {
    if (given == total) {
      throw new Malformed("fewer values than the page counts");
    }
    if (given++ == 0) {
      return last;
    }
    if (inMini == miniSize) {
      nextMini();
    }
    long next = last + minDelta + packed(inMini++);
    last = narrow ? (int) next : next;
    return last;
  }

  private void nextMini() {
    if (mini == miniBlocks) {
      minDelta = zigzag();
      if (widths == null) {
        widths = new int[miniBlocks];
      }
      for (int i = 0; i < miniBlocks; i++) {
        widths[i] = pos < end ? data[pos++] & 0xFF : 0;
      }
      mini = 0;
    }
    width = widths[mini++];
    long bytes = ((long) width * miniSize + 7) / 8;
    if (width > 64) {
      throw new Malformed("differences of " + width + " bits");
    }
    miniStart = pos;
    // The last one may be cut where its values end.
    pos = (int) Math.min(end, pos + bytes);
    inMini = 0;
  }

  private long packed(int index) {
    if (width == 0) {
      return 0;
    }
    long bit = (long) index * width;
    int at = miniStart + (int) (bit >>> 3);
    int shift = (int) (bit & 7);
    if (at + (shift + width + 7 >>> 3) > pos) {
      throw new Malformed("packed values that end early");
    }
    long value = 0;
    int have = -shift;
    while (have < width) {
      long b = data[at++] & 0xFFL;
      value |= have < 0 ? b >>> shift : b << have;
      have += 8;
    }
    return width == 64 ? value : value & (1L << width) - 1;
  }

  private long varint() {
    long result = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (pos >= end) {
        throw new Malformed("a number that ends early");
      }
      byte b = data[pos++];
      result |= (b & 0x7FL) << shift;
      if (b >= 0) {
        return result;
      }
    }
    throw new Malformed("a number that does not end");
  }

  private long zigzag() {
    long n = varint();
    return n >>> 1 ^ -(n & 1);
  }
}
