package io.slab.ann;

import java.lang.foreign.MemorySegment;

/**
 * One list of an index, opened: its bytes and where their parts begin.
 *
 * @param firstRow the row of its first position; the others follow
 * @param rows of the list
 * @param bytes the whole list
 */
record CodeList(
    IvfIndex index, int firstRow, int rows, MemorySegment bytes, long codesAt, long factorsAt) {
  static CodeList of(IvfIndex index, int cell) {
    return new CodeList(
        index,
        index.directory().firstRow()[cell],
        index.directory().rows()[cell],
        index.list(cell),
        index.codesAt(cell),
        index.factorsAt(cell));
  }

  int blocks() {
    return CodeBlocks.blocks(rows);
  }

  /** Rows of a block without the padding. */
  int rowsOf(int block) {
    return Math.min(FastScan.BLOCK, rows - block * FastScan.BLOCK);
  }

  /** The rows of a block as bits, without the padding. */
  int mask(int block) {
    return -1 >>> FastScan.BLOCK - rowsOf(block);
  }

  /** The row of the slab at a position of the list. */
  int row(int position) {
    return firstRow + position;
  }
}
