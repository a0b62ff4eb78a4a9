package io.slab.ann;

/**
 * Where the parts of a list lie (spec/ann.md, "Lists"), each a multiple of 64 bytes:
 *
 * <pre>
 *   ranks of ids    u32 x 32 x blocks     ascending; padding 0xFFFFFFFF
 *   codes           16 x groups bytes per block
 *   factors         add f32 x 32, rescale f32 x 32, error f32 x 32 per block
 *   fine codes      a record per row: add f32, rescale f32, error f32, digits; zeros to a
 *                   multiple of 64 bytes
 * </pre>
 *
 * @param groups nibbles of a code
 * @param digitBytes bytes of the digits of a fine code
 */
record ListLayout(int groups, int digitBytes) {
  /** Bytes of the three factors of a fine code, which come before its digits. */
  static final int FINE_FACTORS = 12;

  private static final long ALIGNMENT = 64;

  static ListLayout of(Quantizer quantizer, int padded) {
    return new ListLayout(quantizer.groups(padded), quantizer.digitBytes(padded));
  }

  static int blocks(int rows) {
    return (rows + FastScan.BLOCK - 1) / FastScan.BLOCK;
  }

  long codesAt(int rows) {
    return 4L * FastScan.BLOCK * blocks(rows);
  }

  long factorsAt(int rows) {
    return codesAt(rows) + 16L * groups * blocks(rows);
  }

  long fineAt(int rows) {
    return factorsAt(rows) + (long) FastScan.FACTOR_BYTES * blocks(rows);
  }

  /** Bytes of the fine code of a row, a multiple of four. */
  int fineBytes() {
    return FINE_FACTORS + (digitBytes + 3 & -4);
  }

  /** Bytes of a whole list. */
  long bytes(int rows) {
    long fine = (long) fineBytes() * rows;
    return fineAt(rows) + (fine + ALIGNMENT - 1 & -ALIGNMENT);
  }
}
