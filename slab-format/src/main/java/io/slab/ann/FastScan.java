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

  /**
   * Sums some blocks; {@link #sum} and {@link #bound} then speak about them by their place in
   * {@code blocks}.
   *
   * @param codesAt where the codes of block 0 begin
   * @param blocks numbers of the blocks, ascending
   * @param count of them, at most {@link #MAX_BLOCKS}
   */
  void sums(MemorySegment lists, long codesAt, int[] blocks, int count);

  /**
   * Turns the sums of the same blocks into bounds; {@link #survives} then tells the rows whose
   * bound is not above the threshold.
   *
   * @param factorsAt where the factors of block 0 begin
   */
  void bounds(
      MemorySegment lists, long factorsAt, int[] blocks, int count, Probe probe, float threshold);

  int sum(int row);

  float bound(int row);

  /** Copies the bounds of the first {@code rows} rows. */
  void copyBounds(float[] out, int rows);

  /** Bit i: row i of the block at a place has a bound that is not above the threshold. */
  int survives(int place);
}
