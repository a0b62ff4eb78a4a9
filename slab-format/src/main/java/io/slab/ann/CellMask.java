package io.slab.ann;

import java.lang.foreign.MemorySegment;

/**
 * The rows of one cell that a search may return, by their place in its list. Immutable and
 * thread-safe.
 */
final class CellMask {
  private static final CellMask NONE = new CellMask(new int[0], 0, 0);

  private final int[] blocks;
  private final int first;
  private final int count;

  private CellMask(int[] blocks, int first, int count) {
    this.blocks = blocks;
    this.first = first;
    this.count = count;
  }

  /**
   * @param words one bit for each row of the slab, set where the row is allowed
   */
  static CellMask of(IvfIndex index, int cell, long[] words) {
    int size = index.directory().rows()[cell];
    MemorySegment list = index.list(cell);
    int[] blocks = new int[CodeBlocks.blocks(size)];
    int count = 0;
    for (int i = 0; i < size; i++) {
      int row = index.row(list, i);
      int bit = (int) (words[row >> 6] >>> row) & 1;
      blocks[i / FastScan.BLOCK] |= bit << i;
      count += bit;
    }
    return count == 0 ? NONE : new CellMask(blocks, 0, count);
  }

  /**
   * @param all blocks of all lists, one bit a row
   * @param first of the cell's blocks
   * @param count allowed rows of the cell
   */
  static CellMask part(int[] all, int first, int count) {
    return count == 0 ? NONE : new CellMask(all, first, count);
  }

  /** Number of rows allowed. */
  int count() {
    return count;
  }

  /** The allowed rows of a block of the list as bits; ask only where there are some in the cell. */
  int block(int block) {
    return blocks[first + block];
  }
}
