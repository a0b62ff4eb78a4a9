package io.slab.salvage;

import io.slab.error.CancellationToken;
import io.slab.error.DataException;
import io.slab.format.SlabInput;
import io.slab.format.SlabReader;
import io.slab.format.SlabRow;
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

  /** What both passes show of a row. */
  private abstract class Pass extends SlabRow implements Arrivals {
    int place = -1;

    Pass() {
      super(slab.dense() == null ? 0 : slab.dimension());
    }

    @Override
    public final int rank() {
      return place;
    }

    @Override
    public final List<String> fields() {
      return slab.fieldNames();
    }
  }

  private final class InOrder extends Pass {
    @Override
    public boolean next() {
      cancellation.check();
      if (++place >= ranks.length) {
        return false;
      }
      moveTo(slab, ranks[place]);
      return true;
    }
  }

  private final class AsStored extends Pass {
    private int row = -1;

    @Override
    public boolean next() {
      cancellation.check();
      do {
        row++;
      } while (row < places.length && places[row] < 0);
      if (row >= places.length) {
        place = -1;
        return false;
      }
      place = places[row];
      moveTo(slab, ranks[place], row);
      return true;
    }
  }
}
