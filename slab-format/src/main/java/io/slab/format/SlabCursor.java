package io.slab.format;

import io.slab.model.Metadata;
import io.slab.model.SparseVector;

/** The rows of a slab one after the other, in the order of their ids. */
final class SlabCursor implements SlabInput.Cursor {
  private final SlabReader slab;
  private final float[] values;
  private int rank = -1;
  private int row;

  /** Made when metadata are asked for that are not in this order. */
  private MetadataSpool metadata;

  SlabCursor(SlabReader slab) {
    this.slab = slab;
    this.values = slab.dense() == null ? null : new float[slab.dimension()];
  }

  @Override
  public boolean next() {
    rank++;
    if (rank >= slab.rows()) {
      return false;
    }
    row = slab.rowAt(rank);
    return true;
  }

  @Override
  public byte[] id() {
    return slab.idAt(rank);
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
    if (slab.inIdOrder()) {
      return slab.metadata(row);
    }
    if (metadata == null) {
      metadata = slab.spoolMetadata(null);
    }
    return metadata.row(row);
  }

  @Override
  public void close() {
    if (metadata != null) {
      metadata.close();
      metadata = null;
    }
  }
}
