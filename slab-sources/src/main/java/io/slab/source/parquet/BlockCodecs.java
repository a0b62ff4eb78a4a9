package io.slab.source.parquet;

/**
 * Unpacks the raw block formats of Snappy and LZ4. Both formats are small and frozen; the libraries
 * for them bring native code, or calls that a current Java warns a user about. Every length is
 * checked, so that no input writes or reads outside its arrays. Thread-safe.
 */
final class BlockCodecs {
  private BlockCodecs() {}

  /**
   * Unpacks Snappy (format description of 2011, without framing).
   *
   * @param size bytes expected
   */
  static byte[] snappy(byte[] in, int from, int to, int size) {
    long header = varint(in, from, to);
    int p = (int) (header >>> 32);
    if ((header & 0xFFFF_FFFFL) != size) {
      throw new Malformed("snappy data of " + (header & 0xFFFF_FFFFL) + " bytes, not " + size);
    }
    byte[] out = new byte[size];
    int at = 0;
    while (p < to) {
      int tag = in[p++] & 0xFF;
      int kind = tag & 3;
      if (kind == 0) {
        int length = tag >>> 2;
        if (length >= 60) {
          int width = length - 59;
          length = number(in, p, to, width);
          p += width;
        }
        at = literal(in, p, to, out, at, length + 1L);
        p += length + 1;
      } else {
        int width = kind == 1 ? 1 : kind == 2 ? 2 : 4;
        int offset = number(in, p, to, width);
        p += width;
        int length = (tag >>> 2) + 1;
        if (kind == 1) {
          length = (tag >>> 2 & 7) + 4;
          offset |= tag >>> 5 << 8;
        }
        at = match(out, at, offset, length);
      }
    }
    return full(out, at);
  }

  /** Unpacks one LZ4 block. */
  static byte[] lz4(byte[] in, int from, int to, int size) {
    byte[] out = new byte[size];
    return full(out, lz4(in, from, to, out, 0));
  }

  /**
   * Unpacks one LZ4 block into a part of an array.
   *
   * @param start where in {@code out} its bytes go
   * @return where they end
   */
  static int lz4(byte[] in, int from, int to, byte[] out, int start) {
    int at = start;
    int p = from;
    while (p < to) {
      int token = in[p++] & 0xFF;
      long literals = token >>> 4;
      if (literals == 15) {
        int b;
        do {
          b = number(in, p++, to, 1);
          literals += b;
        } while (b == 255);
      }
      at = literal(in, p, to, out, at, literals);
      p += (int) literals;
      if (p == to) {
        break;
      }
      int offset = number(in, p, to, 2);
      p += 2;
      long length = token & 15;
      if (length == 15) {
        int b;
        do {
          b = number(in, p++, to, 1);
          length += b;
        } while (b == 255);
      }
      at = match(out, at, offset, length + 4);
    }
    return at;
  }

  private static long varint(byte[] in, int from, int to) {
    long value = 0;
    for (int p = from, shift = 0; p < to && shift < 35; p++, shift += 7) {
      value |= (in[p] & 0x7FL) << shift;
      if (in[p] >= 0) {
        return (long) (p + 1) << 32 | value & 0xFFFF_FFFFL;
      }
    }
    throw new Malformed("a length that does not end");
  }

  private static int number(byte[] in, int p, int to, int width) {
    if (p < 0 || width > to - p) {
      throw new Malformed("packed data that ends early");
    }
    int value = 0;
    for (int i = 0; i < width; i++) {
      value |= (in[p + i] & 0xFF) << 8 * i;
    }
    return value;
  }

  private static int literal(byte[] in, int p, int to, byte[] out, int at, long length) {
    if (length < 0 || length > to - p || length > out.length - at) {
      throw new Malformed("a literal of " + length + " bytes that does not fit");
    }
    System.arraycopy(in, p, out, at, (int) length);
    return at + (int) length;
  }

  private static int match(byte[] out, int at, int offset, long length) {
    if (offset <= 0 || offset > at || length > out.length - at) {
      throw new Malformed(
          "a copy of " + length + " bytes from " + offset + " before that cannot be");
    }
    int count = (int) length;
    if (offset >= count) {
      System.arraycopy(out, at - offset, out, at, count);
    } else {
      for (int i = 0; i < count; i++) {
        out[at + i] = out[at + i - offset];
      }
    }
    return at + count;
  }

  private static byte[] full(byte[] out, int at) {
    if (at != out.length) {
      throw new Malformed(at + " bytes unpacked, not " + out.length);
    }
    return out;
  }
}
