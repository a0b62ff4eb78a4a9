package io.slab.compaction;

import io.slab.format.SlabInput;
import io.slab.format.SlabView;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;

/** A row of one slab or another. One thread only. */
abstract class SlabRow implements SlabInput.Cursor {
  private final float[] values;
  private SlabView slab;

  /** Of the row's id, or -1 where nobody asked for it. */
  private int rank;

  private int row;

  SlabRow(int dimension) {
    this.values = dimension == 0 ? null : new float[dimension];
  }

  /**
   * Goes to a row.
   *
   * @param place the rank of the row's id
   */
  final void moveTo(SlabView view, int place) {
    slab = view;
    rank = place;
    row = slab.rowAt(rank);
  }

  /** Goes to a row by its number; to ask for its id then takes a look-up. */
  final void moveToRow(SlabView view, int number) {
    slab = view;
    rank = -1;
    row = number;
  }

  @Override
  public final byte[] id() {
    return rank < 0 ? slab.rowId(row) : slab.idAt(rank);
  }

  @Override
  public final long lsn() {
    return slab.lsn(row);
  }

  @Override
  public final float[] values() {
    if (values != null) {
      slab.dense().copy(row, values);
    }
    return values;
  }

  @Override
  public final SparseVector sparse() {
    return slab.sparse(row);
  }

  @Override
  public final Metadata metadata() {
    return slab.metadata(row);
  }
}
