package io.slab.snapshot;

import io.slab.format.SlabAhead;
import io.slab.format.SlabInput;
import io.slab.format.SlabView;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * The rows of one slab that are not dead, one after the other. Of a remote slab it fetches many
 * rows at once. One thread only.
 */
public final class LiveRows implements SlabInput.Cursor {
  /** Rows of a remote slab that are fetched together. */
  private static final int AHEAD = 1_000;

  private final SlabView slab;
  private final ImmutableRoaringBitmap dead;
  private final float[] values;
  private final Runnable onClose;
  private int row = -1;
  private int fetched;

  /**
   * @param onClose what gives the slab back
   */
  public LiveRows(SlabView slab, ImmutableRoaringBitmap dead, Runnable onClose) {
    this.slab = slab;
    this.dead = dead;
    this.onClose = onClose;
    this.values = slab.dimension() == 0 ? null : new float[slab.dimension()];
    this.fetched = slab.isRemote() ? 0 : Integer.MAX_VALUE;
  }

  @Override
  public boolean next() {
    int rows = slab.rows();
    do {
      row = Math.min(row + 1, rows);
    } while (row < rows && dead.contains(row));
    if (row < rows && row >= fetched) {
      fetch();
    }
    return row < rows;
  }

  private void fetch() {
    fetched = (int) Math.min(slab.rows(), row + (long) AHEAD);
    SlabAhead ahead = slab.ahead();
    for (int i = row; i < fetched; i++) {
      if (!dead.contains(i)) {
        ahead.record(i);
      }
    }
    ahead.run();
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

  @Override
  public void close() {
    onClose.run();
  }
}
