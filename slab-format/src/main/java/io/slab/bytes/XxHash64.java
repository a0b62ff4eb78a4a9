package io.slab.bytes;

import java.lang.foreign.MemorySegment;

/** XXH64: the hash of id bytes in bloom filters (seed 0 there), and of the ledger. Thread-safe. */
public final class XxHash64 {
  static final long P1 = 0x9E3779B185EBCA87L;
  static final long P2 = 0xC2B2AE3D27D4EB4FL;
  static final long P3 = 0x165667B19E3779F9L;
  static final long P4 = 0x85EBCA77C2B2AE63L;
  static final long P5 = 0x27D4EB2F165667C5L;

  private XxHash64() {}

  /** Hash with seed 0. */
  public static long hash(byte[] bytes) {
    return hash(bytes, 0, bytes.length, 0);
  }

  /** Hash of {@code length} bytes from {@code offset}. */
  public static long hash(byte[] bytes, int offset, int length, long seed) {
    MemorySegment in = MemorySegment.ofArray(bytes).asSlice(offset, length);
    int at = 0;
    long hash;
    if (length >= 32) {
      at = length & ~31;
      hash = stripes(in, at, seed);
    } else {
      hash = seed + P5;
    }
    hash += length;
    for (; at + 8 <= length; at += 8) {
      hash ^= round(0, in.get(LittleEndian.LONG, at));
      hash = Long.rotateLeft(hash, 27) * P1 + P4;
    }
    if (at + 4 <= length) {
      hash ^= Integer.toUnsignedLong(in.get(LittleEndian.INT, at)) * P1;
      hash = Long.rotateLeft(hash, 23) * P2 + P3;
      at += 4;
    }
    for (; at < length; at++) {
      hash ^= (bytes[offset + at] & 0xFF) * P5;
      hash = Long.rotateLeft(hash, 11) * P1;
    }
    return avalanche(hash);
  }

  /** The first {@code end} bytes, a multiple of 32, folded into one word. */
  private static long stripes(MemorySegment in, int end, long seed) {
    long a = seed + P1 + P2;
    long b = seed + P2;
    long c = seed;
    long d = seed - P1;
    for (int at = 0; at < end; at += 32) {
      a = round(a, in.get(LittleEndian.LONG, at));
      b = round(b, in.get(LittleEndian.LONG, at + 8));
      c = round(c, in.get(LittleEndian.LONG, at + 16));
      d = round(d, in.get(LittleEndian.LONG, at + 24));
    }
    return fold(a, b, c, d);
  }

  /** What the four accumulators come to. */
  static long fold(long a, long b, long c, long d) {
    long hash =
        Long.rotateLeft(a, 1)
            + Long.rotateLeft(b, 7)
            + Long.rotateLeft(c, 12)
            + Long.rotateLeft(d, 18);
    hash = merge(hash, a);
    hash = merge(hash, b);
    hash = merge(hash, c);
    return merge(hash, d);
  }

  static long round(long accumulator, long input) {
    return Long.rotateLeft(accumulator + input * P2, 31) * P1;
  }

  private static long merge(long hash, long accumulator) {
    return (hash ^ round(0, accumulator)) * P1 + P4;
  }

  static long avalanche(long value) {
    long hash = value;
    hash = (hash ^ (hash >>> 33)) * P2;
    hash = (hash ^ (hash >>> 29)) * P3;
    return hash ^ (hash >>> 32);
  }
}
