package io.slab.ann;

import io.slab.bytes.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * Centroids in panels of 16: for every dimension the 16 numbers of a panel side by side, so that
 * lanes are cells both when one query meets all cells and when all rows do. The last panel is
 * padded with zeros. Filled by one thread, read by any.
 *
 * @param panels {@code ceil(count / 16) * 16 * padded} f32
 * @param squares squared norm of each centroid, infinite in the padding
 */
record Cells(int count, int padded, MemorySegment panels, float[] squares) {
  static Cells allocate(int count, int padded) {
    float[] squares = new float[panelCount(count) * AnnKernels.PANEL];
    java.util.Arrays.fill(squares, Float.POSITIVE_INFINITY);
    return new Cells(count, padded, NativeMemory.allocate(bytes(count, padded)), squares);
  }

  static int panelCount(int cells) {
    return (cells + AnnKernels.PANEL - 1) / AnnKernels.PANEL;
  }

  /** Bytes of the panels. */
  static long bytes(int cells, int padded) {
    return 4L * panelCount(cells) * AnnKernels.PANEL * padded;
  }

  void set(int cell, float[] centroid) {
    double square = 0;
    long at = start(cell);
    for (int d = 0; d < padded; d++) {
      panels.set(LittleEndian.FLOAT, at + 64L * d, centroid[d]);
      square += (double) centroid[d] * centroid[d];
    }
    squares[cell] = (float) square;
  }

  void get(int cell, float[] centroid) {
    long at = start(cell);
    for (int d = 0; d < padded; d++) {
      centroid[d] = panels.get(LittleEndian.FLOAT, at + 64L * d);
    }
  }

  private long start(int cell) {
    return 4L
        * (cell / AnnKernels.PANEL * (long) AnnKernels.PANEL * padded + cell % AnnKernels.PANEL);
  }
}
