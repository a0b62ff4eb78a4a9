package io.slab.salvage;

import io.slab.error.CancellationToken;
import io.slab.error.DataException;
import io.slab.format.SlabInput;
import io.slab.format.SlabReader;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import java.util.Arrays;
import java.util.List;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * The rows of a slab but for some, bit for bit as they are there. Holds 8 bytes a row. Passes may
 * run side by side, in one thread.
 */
final class ReadableRows implements SlabInput {
  private final SlabReader slab;
  private final CancellationToken cancellation;

  /** Ranks of the ids of the rows that are shown, ascending. */
  private final int[] ranks;

  /** Of each row its place among those that are shown, or -1. */
  private final int[] places;

  private final boolean inIdOrder;

  ReadableRows(SlabReader slab, ImmutableRoaringBitmap without, CancellationToken cancellation) {
    this.slab = slab;
    this.cancellation = cancellation;
    this.places = new int[slab.rows()];
    this.inIdOrder = slab.inIdOrder();
    Arrays.fill(places, -1);
    int[] found = new int[slab.rows()];
    int count = 0;
    for (int rank = 0; rank < found.length; rank++) {
      int row = rowAt(rank);
      if (row >= 0 && places[row] < 0 && !without.contains(row)) {
        places[row] = count;
        found[count++] = rank;
      }
    }
    this.ranks = Arrays.copyOf(found, count);
  }

  /** The row of a rank, or -1 where that cannot be read: then the row is one that is left out. */
  private int rowAt(int rank) {
    try {
      return slab.rowAt(rank);
    } catch (DataException e) {
      return -1;
    }
  }

  @Override
  public int rows() {
    return ranks.length;
  }

  @Override
  public boolean inIdOrder() {
    return inIdOrder;
  }

  @Override
  public Cursor open() {
    return new InOrder();
  }

  @Override
  public Arrivals arrivals() {
    return new AsStored();
  }

  /** What both passes read of a row. */
  private abstract class Pass implements Arrivals {
    private final float[] values = slab.dense() == null ? null : new float[slab.dimension()];
    int place = -1;
    int row = -1;

    @Override
    public final int rank() {
      return place;
    }

    @Override
    public final List<String> fields() {
      return slab.fieldNames();
    }

    @Override
    public final byte[] id() {
      return slab.idAt(ranks[place]);
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

  private final class InOrder extends Pass {
    @Override
    public boolean next() {
      cancellation.check();
      if (++place >= ranks.length) {
        return false;
      }
      row = slab.rowAt(ranks[place]);
      return true;
    }
  }

  private final class AsStored extends Pass {
    @Override
    public boolean next() {
      cancellation.check();
      do {
        row++;
      } while (row < places.length && places[row] < 0);
      place = row < places.length ? places[row] : -1;
      return row < places.length;
    }
  }
}
