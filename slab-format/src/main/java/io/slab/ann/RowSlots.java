package io.slab.ann;

import java.lang.ref.SoftReference;

/**
 * The place of every row in the lists of an index, for filters: a filter names rows, a search wants
 * to know which places of a list it allows. For one filter the few lists that are visited are
 * looked through; with the second one the places of all rows are written down, four bytes a row,
 * and every filter from then on takes time for the rows it allows instead of the rows that it does
 * not. The memory is given back when it is short. Thread-safe.
 */
public final class RowSlots {
  /** Most bytes of lists that are read for it. */
  private static final long MOST_LIST_BYTES = 1L << 30;

  /** Part of the heap that the places of one slab may take. */
  private static final int HEAP_PART = 16;

  private final IvfIndex index;
  private final boolean fits;
  private final int[] firstBlock;
  private boolean metOne;
  private SoftReference<int[]> written = new SoftReference<>(null);

  public RowSlots(IvfIndex index) {
    this.index = index;
    this.fits =
        !index.lists().isRemote()
            && index.listBytes() <= MOST_LIST_BYTES
            && 4L * index.rows() <= Runtime.getRuntime().maxMemory() / HEAP_PART;
    this.firstBlock = new int[index.cells() + 1];
    for (int cell = 0; cell < index.cells(); cell++) {
      firstBlock[cell + 1] = firstBlock[cell] + CodeBlocks.blocks(index.directory().rows()[cell]);
    }
  }

  IvfIndex index() {
    return index;
  }

  /** Takes note of a filter; true when it can be spread over all cells. */
  synchronized boolean meet() {
    boolean isFirst = !metOne;
    metOne = true;
    return fits && !isFirst;
  }

  private synchronized int[] places() {
    int[] places = written.get();
    if (places == null) {
      places = new int[index.rows()];
      for (int cell = 0; cell < index.cells(); cell++) {
        CodeList list = CodeList.of(index, cell);
        for (int i = 0; i < list.rows(); i++) {
          places[list.row(i)] = firstBlock[cell] * FastScan.BLOCK + i;
        }
      }
      written = new SoftReference<>(places);
    }
    return places;
  }

  /**
   * The allowed rows of all lists, block by block, one bit a row.
   *
   * @param words one bit for each row of the slab
   */
  int[] spread(long[] words) {
    int[] places = places();
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
