package io.slab.ann;

import io.slab.format.file.SlabFormat;
import io.slab.format.section.DenseRows;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Where single rows lie in memory. To ask for a row costs several checks, a quarter of what it
 * takes to score a short one; where the slab is mapped they are done once for each stretch that has
 * a checksum of its own, and remembered. One thread only.
 */
final class RowAddresses {
  private static final int CHUNK_SHIFT = Integer.numberOfTrailingZeros(SlabFormat.CHUNK_BYTES);

  private final DenseRows rows;
  private final long rowBytes;
  private final MemorySegment mapped;
  private final int[] places;

  /** Stretches whose rows were asked for, one bit each. */
  private final long[] known;

  /** Rows that had to be copied, and what keeps the others from being unmapped. */
  private final MemorySegment copies;

  private final MemorySegment[] held = new MemorySegment[Reranker.WIDTH];

  RowAddresses(DenseRows rows) {
    this.rows = rows;
    this.rowBytes = 4L * rows.dimension();
    this.places = rows.places();
    // A longer row may lie in stretches between those of its ends, which are not remembered.
    MemorySegment all = rowBytes <= SlabFormat.CHUNK_BYTES ? rows.mapped() : null;
    this.mapped = all != null && all.isNative() ? all : null;
    this.known = new long[mapped == null ? 0 : 1 + (int) (mapped.byteSize() >> CHUNK_SHIFT + 6)];
    this.copies = NativeMemory.allocate(mapped == null ? rowBytes * Reranker.WIDTH : 0);
  }

  DenseRows rows() {
    return rows;
  }

  /** Call before the rows of a query: fails when the slab was closed. */
  void check() {
    if (mapped != null && !mapped.scope().isAlive()) {
      throw new IllegalStateException("the slab is closed");
    }
  }

  /**
   * The address of a row, verified.
   *
   * @param place below {@link Reranker#WIDTH}; the address is good until the place is used again
   */
  long of(int row, int place) {
    if (mapped == null) {
      return slice(row, place);
    }
    long at = (places == null ? Objects.checkIndex(row, rows.rows()) : places[row]) * rowBytes;
    if (!(isKnown(at) && isKnown(at + rowBytes - 1))) {
      rows.slice(row, 1);
      learn(at);
      learn(at + rowBytes - 1);
    }
    return mapped.address() + at;
  }

  private boolean isKnown(long at) {
    long chunk = at >> CHUNK_SHIFT;
    return (known[(int) (chunk >> 6)] >>> chunk & 1) != 0;
  }

  private void learn(long at) {
    long chunk = at >> CHUNK_SHIFT;
    known[(int) (chunk >> 6)] |= 1L << chunk;
  }

  private long slice(int row, int place) {
    MemorySegment bytes = rows.slice(row, 1);
    if (!bytes.isNative()) {
      MemorySegment copy = copies.asSlice(rowBytes * place, rowBytes);
      copy.copyFrom(bytes);
      bytes = copy;
    }
    held[place] = bytes;
    return NativeMemory.address(bytes, 0, rowBytes);
  }
}
