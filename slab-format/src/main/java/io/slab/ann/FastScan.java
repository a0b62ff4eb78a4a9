package io.slab.ann;

import java.lang.foreign.MemorySegment;

/**
 * Sums table entries over the nibbles of blocks of 32 codes and turns the sums into lower bounds
 * (spec/ann.md, "Code blocks"). One thread only.
 */
interface FastScan {
  /** Rows of a block. */
  int BLOCK = 32;

  /** Most blocks of one call. */
  int MAX_BLOCKS = 64;

  /** Bytes of the factors of a block: add, rescale, error, 32 f32 each. */
  int FACTOR_BYTES = 3 * 4 * BLOCK;

  /** Sets the tables of the query: 16 entries per group, four of which sum to at most 255. */
  void prepare(byte[] table);

  /** Sums blocks; {@link #sum} and {@link #bound} then speak about them. */
  void sums(MemorySegment lists, long codesAt, int blocks);

  /**
   * Turns the sums into bounds; {@link #survives} then tells the rows whose bound is not above the
   * threshold.
   */
  void bounds(MemorySegment lists, long factorsAt, int blocks, Probe probe, float threshold);

  int sum(int row);

  float bound(int row);

  /** Bit i: row 32 * block + i has a bound that is not above the threshold. */
  int survives(int block);
}
