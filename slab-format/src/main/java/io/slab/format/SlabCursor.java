package io.slab.format;

import io.slab.model.Metadata;
import io.slab.model.SparseVector;

/** The rows of a slab one after the other. */
final class SlabCursor implements SlabInput.Cursor {
  private final SlabReader slab;
  private final float[] values;
  private int row;

  SlabCursor(SlabReader slab, int first) {
    this.slab = slab;
    this.values = slab.dense() == null ? null : new float[slab.dimension()];
    this.row = first - 1;
  }

  @Override
  public boolean next() {
    if (row < slab.rows()) {
      row++;
    }
    return row < slab.rows();
  }

  @Override
  public byte[] id() {
    return slab.rowId(row);
  }

  @Override
  public long lsn() {
    return slab.lsn(row);
  }

  @Override
  public float[] values() {
    if (values != null) {
      slab.dense().copy(row, values);
    }
    return values;
  }

  @Override
  public SparseVector sparse() {
    return slab.sparse(row);
  }

  @Override
  public Metadata metadata() {
    return slab.metadata(row);
  }
}
