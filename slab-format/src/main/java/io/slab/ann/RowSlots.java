package io.slab.ann;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The place of every row in the lists of an index, for filters: a filter names rows, a search wants
 * to know which places of a list it allows. For one filter the few lists that are visited are
 * looked through; with the second one the places of all rows are written down, four bytes a row,
 * and every filter from then on takes time for the rows it allows instead of the rows that it does
 * not. Thread-safe.
 */
public final class RowSlots {
  private final IvfIndex index;
  private final AtomicInteger filters = new AtomicInteger();
  private final int[] firstBlock;
  private volatile int[] slots;

  public RowSlots(IvfIndex index) {
    this.index = index;
    this.firstBlock = new int[index.cells() + 1];
    for (int cell = 0; cell < index.cells(); cell++) {
      firstBlock[cell + 1] = firstBlock[cell] + CodeBlocks.blocks(index.directory().rows()[cell]);
    }
  }

  IvfIndex index() {
    return index;
  }

  /** Takes note of a filter; true when it can be spread over all cells. */
  boolean meet() {
    if (index.lists().isRemote() || filters.incrementAndGet() < 2) {
      return false;
    }
    if (slots == null) {
      // Two threads may both write it down; they write the same.
      slots = writeDown();
    }
    return true;
  }

  private int[] writeDown() {
    int[] places = new int[index.rows()];
    for (int cell = 0; cell < index.cells(); cell++) {
      CodeList list = CodeList.of(index, cell);
      for (int i = 0; i < list.rows(); i++) {
        places[list.row(i)] = firstBlock[cell] * FastScan.BLOCK + i;
      }
    }
    return places;
  }

  /**
   * The allowed rows of all lists, block by block, one bit a row. Call after {@link #meet} said
   * true.
   *
   * @param words one bit for each row of the slab
   */
  int[] spread(long[] words) {
    int[] places = slots;
    int[] blocks = new int[firstBlock[firstBlock.length - 1]];
    for (int w = 0; w < words.length; w++) {
      for (long left = words[w]; left != 0; left &= left - 1) {
        int slot = places[w * 64 + Long.numberOfTrailingZeros(left)];
        blocks[slot >>> 5] |= 1 << slot;
      }
    }
    return blocks;
  }

  int firstBlock(int cell) {
    return firstBlock[cell];
  }
}
