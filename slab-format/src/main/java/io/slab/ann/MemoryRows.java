package io.slab.ann;

import io.slab.bytes.Segments;
import io.slab.format.section.DenseRows;
import java.lang.foreign.MemorySegment;

/** Dense rows that lie in memory and not (yet) in a slab. Thread-safe once filled. */
public final class MemoryRows implements DenseRows {
  private final int rows;
  private final int dimension;
  private final MemorySegment bytes;

  /**
   * @param bytes rows times dimension little-endian f32
   */
  public MemoryRows(int rows, int dimension, MemorySegment bytes) {
    if (bytes.byteSize() < 4L * rows * dimension) {
      throw new IllegalArgumentException(
          bytes.byteSize() + " bytes are too few for " + rows + " rows");
    }
    this.rows = rows;
    this.dimension = dimension;
    this.bytes = bytes;
  }

  /** Zeros outside the heap, freed when unreachable. */
  public static MemoryRows allocate(int rows, int dimension) {
    return new MemoryRows(rows, dimension, NativeMemory.allocate(4L * rows * dimension));
  }

  public void set(int row, float[] values) {
    Segments.putFloats(values, bytes, 4L * row * dimension, dimension);
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public MemorySegment slice(int first, int count) {
    return bytes.asSlice(4L * first * dimension, 4L * count * dimension);
  }

  @Override
  public MemorySegment mapped() {
    return bytes;
  }

  /** Not held: callers derive norms from the rows. */
  @Override
  public MemorySegment inverseNorms(int first, int count) {
    return null;
  }

  @Override
  public void copy(int row, float[] target) {
    Segments.copyFloats(bytes, 4L * row * dimension, target, 0, dimension);
  }
}
