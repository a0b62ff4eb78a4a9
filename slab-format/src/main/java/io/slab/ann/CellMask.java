package io.slab.ann;

/**
 * The rows of one cell that a search may return, by their place in its list. Immutable and
 * thread-safe.
 *
 * @param firstRow of the cell
 * @param rows of the cell
 */
record CellMask(AllowedRows allowed, int firstRow, int rows) {
  /** The allowed rows of a block of the list as bits. */
  int block(int block) {
    int at = block * FastScan.BLOCK;
    int left = rows - at;
    int bits = allowed.bits(firstRow + at);
    return left < FastScan.BLOCK ? bits & (1 << left) - 1 : bits;
  }
}
