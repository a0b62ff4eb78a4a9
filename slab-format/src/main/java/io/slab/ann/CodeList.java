package io.slab.ann;

import java.lang.foreign.MemorySegment;

/**
 * One list of an index, opened: its bytes and where their parts begin.
 *
 * @param firstRow the row of its first position; the others follow
 * @param rows of the list
 * @param bytes the whole list
 */
record CodeList(IvfIndex index, int firstRow, int rows, MemorySegment bytes) {
  static CodeList of(IvfIndex index, int cell) {
    return new CodeList(
        index,
        index.directory().firstRow()[cell],
        index.directory().rows()[cell],
        index.list(cell));
  }

  int blocks() {
    return ListLayout.blocks(rows);
  }

  /** Where the codes begin. */
  long codesAt() {
    return index.layout().codesAt(rows);
  }

  /** Where the factors begin. */
  long factorsAt() {
    return index.layout().factorsAt(rows);
  }

  /** Where the fine code of a position begins. */
  long fineAt(int position) {
    return index.layout().fineAt(rows) + (long) index.layout().fineBytes() * position;
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
