package io.slab.format.section;

import io.slab.bytes.ByteWriter;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFileWriter;
import io.slab.model.SparseVector;

/**
 * Writes {@link SparseRowsLayout} in one pass; the sizes, which come first in the file, must be
 * known. One thread only.
 */
public final class SparseRowsWriter {
  private final SlabFileWriter.Open section;
  private final int[] sizes;
  private final int rows;
  private final ByteWriter buffer = new ByteWriter(1 << 16);
  private int row;

  /**
   * Begins the section with the offsets.
   *
   * @param sizes entries of each row; only the first {@code rows} count
   */
  public SparseRowsWriter(SlabFileWriter out, int[] sizes, int rows) {
    this.section = out.begin(SectionSpec.of(SectionKind.SPARSE_ROWS));
    this.sizes = sizes;
    this.rows = rows;
    long offset = SparseRowsLayout.OFFSET_BYTES * (rows + 1L);
    for (int i = 0; i < rows; i++) {
      buffer.u64(offset);
      offset += (long) SparseRowsLayout.ITEM_BYTES * sizes[i];
      flushFull();
    }
    buffer.u64(offset);
  }

  private void flushFull() {
    if (buffer.size() >= 1 << 16) {
      flush();
    }
  }

  private void flush() {
    section.write(buffer.segment());
    buffer.clear();
  }

  /** Appends a row; null and empty are the same. */
  public void add(SparseVector sparse) {
    int size = sparse == null ? 0 : sparse.size();
    if (row >= rows || size != sizes[row]) {
      throw new IllegalArgumentException("row " + row + " differs from the announced sizes");
    }
    for (int i = 0; i < size; i++) {
      buffer.u32(sparse.indices()[i]);
    }
    if (size > 0) {
      buffer.floats(sparse.weights());
    }
    row++;
    flushFull();
  }

  /** Ends the section. */
  public void finish() {
    flush();
    section.end(section.position(), row);
  }
}
