package io.slab.s3;

/**
 * How large the parts of an upload are. A server takes 10,000 parts of at least 5 MiB, and some
 * want all but the last to be equal: they are, up to 16 GB, which no slab below level 3 exceeds.
 * Larger objects go on in larger parts, so that 10,000 of them reach almost 1 TB.
 */
final class PartSizes {
  static final int MOST_PARTS = 10_000;

  private static final int MIB = 1 << 20;

  private PartSizes() {}

  /** Bytes of a part; they are numbered from 1. */
  static int of(int part) {
    if (part < 1 || part > MOST_PARTS) {
      throw new IllegalArgumentException("part " + part);
    }
    return part <= 1000 ? 16 * MIB : part <= 4000 ? 64 * MIB : 128 * MIB;
  }

  /** Bytes of the largest object. */
  static long most() {
    return 1000L * of(1) + 3000L * of(1001) + 6000L * of(4001);
  }
}
