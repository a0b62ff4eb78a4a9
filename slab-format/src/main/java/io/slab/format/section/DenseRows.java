package io.slab.format.section;

import io.slab.format.file.SlabFormat;
import java.lang.foreign.MemorySegment;

/** Dense vectors in row order: little-endian f32, row-major, packed. Thread-safe. */
public interface DenseRows {
  int rows();

  int dimension();

  /**
   * Rows {@code first .. first + count} as one segment of {@code count * dimension * 4} bytes,
   * checksums verified; a view without a copy where the slab is mapped. The segment may start at
   * any 4-byte boundary.
   */
  MemorySegment slice(int first, int count);

  /**
   * All rows as one segment where they are mapped, else null. Its bytes are good for what lies in
   * the same {@link SlabFormat#CHUNK_BYTES}, counted from its start, as a row that {@link #slice}
   * gave out.
   */
  default MemorySegment mapped() {
    return null;
  }

  /**
   * Where each row lies in {@link #mapped}, counted in rows; null when rows lie one after another.
   */
  default int[] places() {
    return null;
  }

  /**
   * The reciprocal of each row's Euclidean norm, f32, for the rows of {@link #slice}; null unless
   * the metric is cosine.
   */
  MemorySegment inverseNorms(int first, int count);

  /** True when a row can be read without a request to a remote store. */
  default boolean isAtHand(int row) {
    return true;
  }

  /** Copies one row. */
  void copy(int row, float[] target);
}
