package io.slab.format;

import io.slab.error.CancellationToken;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;

/** The rows of a slab one after the other, in the order of their ids. */
final class SlabCursor implements SlabInput.Cursor {
  private final SlabReader slab;

  /** The rows, where they are in another order; else null. */
  private final SlabSpool spool;

  private final float[] values;
  private int rank = -1;
  private int row;

  SlabCursor(SlabReader slab) {
    this.slab = slab;
    this.spool = slab.spool(null, CancellationToken.NONE);
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
    return spool == null ? slab.lsn(row) : spool.lsn(row);
  }

  @Override
  public float[] values() {
    if (values != null && spool != null) {
      spool.values(row, values);
    } else if (values != null) {
      slab.dense().copy(row, values);
    }
    return values;
  }

  @Override
  public SparseVector sparse() {
    return spool == null ? slab.sparse(row) : spool.sparse(row);
  }

  @Override
  public Metadata metadata() {
    return spool == null ? slab.metadata(row) : spool.metadata(row);
  }

  @Override
  public void close() {
    if (spool != null) {
      spool.close();
    }
  }
}
