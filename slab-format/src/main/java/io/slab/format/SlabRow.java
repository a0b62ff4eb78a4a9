package io.slab.format;

import io.slab.model.Metadata;
import io.slab.model.SparseVector;

/** A row of one slab or another, bit for bit as it is there. One thread only. */
public abstract class SlabRow implements SlabInput.Cursor {
  private final float[] values;
  private SlabView slab;

  /** Of the row's id, or -1 where it was not asked for. */
  private int rank;

  private int row;

  /**
   * @param dimension of the dense vectors; 0 for none
   */
  protected SlabRow(int dimension) {
    this.values = dimension == 0 ? null : new float[dimension];
  }

  /**
   * Goes to a row.
   *
   * @param place the rank of the row's id
   */
  public final void moveTo(SlabView view, int place) {
    moveTo(view, place, view.rowAt(place));
  }

  /** Goes to a row of which rank and number are known. */
  protected final void moveTo(SlabView view, int place, int number) {
    slab = view;
    rank = place;
    row = number;
  }

  /** Goes to a row by its number; to ask for its id then takes a look-up. */
  public final void moveToRow(SlabView view, int number) {
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
