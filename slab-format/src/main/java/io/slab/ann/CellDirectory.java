package io.slab.ann;

import io.slab.bytes.LittleEndian;
import io.slab.bytes.Segments;
import io.slab.format.section.CellListsLayout;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What a search knows about each cell before it reads its list, 32 bytes a cell (spec/ann.md,
 * "IVF_DIR"):
 *
 * <pre>
 *    0  u64  offset of the list in IVF_LISTS, a multiple of 64
 *    8  u32  rows, at least 1
 *   12  f32  squared norm of the centroid
 *   16  f32  mean squared length of the residuals
 *   20  f32  length of the longest residual, rounded up
 *   24  f32  mean square of the residuals' component along the centroid
 *   28  u32  zero
 * </pre>
 *
 * The rows of a cell follow those of the cell before. Held in arrays once opened. Immutable and
 * thread-safe.
 *
 * @param firstRow of each cell, and then the number of all rows; see {@link #placeRows}
 */
record CellDirectory(
    int cells,
    long[] offset,
    int[] rows,
    int[] firstRow,
    float[] square,
    float[] spread,
    float[] radius,
    float[] along) {
  static final int ENTRY_BYTES = CellListsLayout.ENTRY_BYTES;

  static CellDirectory allocate(int cells) {
    return new CellDirectory(
        cells,
        new long[cells],
        new int[cells],
        new int[cells + 1],
        new float[cells],
        new float[cells],
        new float[cells],
        new float[cells]);
  }

  /** Finds the first row of each cell, once the number of rows of each is known. */
  void placeRows() {
    for (int cell = 0; cell < cells; cell++) {
      firstRow[cell + 1] = firstRow[cell] + rows[cell];
    }
  }

  /** The cell that a row lies in. */
  int cellOf(int row) {
    int place = Arrays.binarySearch(firstRow, row);
    return place >= 0 ? place : -place - 2;
  }

  MemorySegment write() {
    MemorySegment bytes = NativeMemory.allocate((long) ENTRY_BYTES * cells);
    for (int cell = 0; cell < cells; cell++) {
      long at = (long) ENTRY_BYTES * cell;
      bytes.set(LittleEndian.LONG, at, offset[cell]);
      bytes.set(LittleEndian.INT, at + 8, rows[cell]);
      bytes.set(LittleEndian.FLOAT, at + 12, square[cell]);
      bytes.set(LittleEndian.FLOAT, at + 16, spread[cell]);
      bytes.set(LittleEndian.FLOAT, at + 20, radius[cell]);
      bytes.set(LittleEndian.FLOAT, at + 24, along[cell]);
    }
    return bytes;
  }

  static CellDirectory read(int cells, MemorySegment bytes) {
    CellDirectory directory = allocate(cells);
    // Through a buffer: nothing is linked for it in a process that asks one question.
    for (int cell = 0; cell < cells; cell++) {
      ByteBuffer entry = Segments.buffer(bytes.asSlice((long) ENTRY_BYTES * cell, ENTRY_BYTES));
      directory.offset[cell] = entry.getLong(0);
      directory.rows[cell] = entry.getInt(8);
      directory.square[cell] = entry.getFloat(12);
      directory.spread[cell] = entry.getFloat(16);
      directory.radius[cell] = entry.getFloat(20);
      directory.along[cell] = entry.getFloat(24);
    }
    return directory;
  }
}
