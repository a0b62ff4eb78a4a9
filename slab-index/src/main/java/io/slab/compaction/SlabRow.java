package io.slab.compaction;

import io.slab.format.SlabInput;
import io.slab.format.SlabSpool;
import io.slab.format.SlabView;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;

/** A row of one slab or another, read from its scratch file where there is one. One thread only. */
abstract class SlabRow implements SlabInput.Cursor {
  private final float[] values;
  private SlabView slab;
  private SlabSpool spool;
  private int rank;
  private int row;

  SlabRow(int dimension) {
    this.values = dimension == 0 ? null : new float[dimension];
  }

  /**
   * Goes to a row.
   *
   * @param scratch the rows of the slab, or null
   * @param place the rank of the row's id
   */
  final void moveTo(SlabView view, SlabSpool scratch, int place) {
    slab = view;
    spool = scratch;
    rank = place;
    row = slab.rowAt(rank);
  }

  @Override
  public final byte[] id() {
    return slab.idAt(rank);
  }

  @Override
  public final long lsn() {
    return spool == null ? slab.lsn(row) : spool.lsn(row);
  }

  @Override
  public final float[] values() {
    if (values == null) {
      return null;
    }
    if (spool == null) {
      slab.dense().copy(row, values);
    } else {
      spool.values(row, values);
    }
    return values;
  }

  @Override
  public final SparseVector sparse() {
    return spool == null ? slab.sparse(row) : spool.sparse(row);
  }

  @Override
  public final Metadata metadata() {
    return spool == null ? slab.metadata(row) : spool.metadata(row);
  }
}
