package io.slab.format.section;

/**
 * ROW_LSN and TOMBSTONE_LSN: the sequence number of the write that made each row or tombstone, as
 * distances from the smallest.
 *
 * <pre>
 * 0  8  base: the smallest LSN
 * 8  4  width of a distance in bits, 0 to 64
 * 12 4  zero
 * 16    distances, bit-packed
 * </pre>
 */
public final class RowLsnLayout {
  static final int HEADER_BYTES = 16;

  private RowLsnLayout() {}
}
