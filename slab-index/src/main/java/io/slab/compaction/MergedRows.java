package io.slab.compaction;

import io.slab.error.CancellationToken;
import io.slab.error.WorkPhase;
import io.slab.format.SlabInput;
import io.slab.format.SlabRow;
import io.slab.format.SlabView;
import io.slab.model.Ledger;
import io.slab.model.Utf8;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeSet;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * The live rows of several slabs in id order, as a slab builder reads them: bit for bit as they are
 * in their slabs. Every live id is in one slab only. The order is found once and held as 8 bytes a
 * row; everything else is read from the slabs. Slabs that keep their rows in another order are read
 * from front to back, once; that pass holds 4 bytes for each row of one slab. Passes may run side
 * by side, in one thread.
 */
final class MergedRows implements SlabInput {
  private final List<SlabView> slabs;

  /** Slab and rank of the id of each row. */
  private final long[] order;

  private final boolean inIdOrder;
  private final int dimension;
  private final DroppedRows dropped;
  private final CancellationToken cancellation;

  private MergedRows(
      List<SlabView> slabs, long[] order, DroppedRows dropped, CancellationToken cancellation) {
    this.slabs = slabs;
    this.order = order;
    this.dropped = dropped;
    this.cancellation = cancellation;
    this.dimension = slabs.getFirst().dimension();
    // Where no row lives nothing is read, not even how rows lie.
    this.inIdOrder = order.length == 0 || slabs.stream().allMatch(SlabView::inIdOrder);
  }

  /**
   * Merges slabs without their dead rows.
   *
   * @param cancellation asked for each row, now and in each pass
   */
  public static MergedRows of(
      List<SlabView> slabs,
      List<? extends ImmutableRoaringBitmap> dead,
      CancellationToken cancellation) {
    long live = 0;
    for (int i = 0; i < slabs.size(); i++) {
      live += slabs.get(i).rows() - dead.get(i).getLongCardinality();
    }
    long[] order = new long[Math.toIntExact(live)];
    PriorityQueue<Head> heads = new PriorityQueue<>();
    for (int i = 0; i < slabs.size(); i++) {
      Head head = new Head(i, slabs.get(i), dead.get(i));
      if (head.advance()) {
        heads.add(head);
      }
    }
    WorkPhase phase = new WorkPhase(cancellation, "merging ids", "records", order.length);
    for (int at = 0; at < order.length; at++) {
      cancellation.check();
      phase.add(1);
      Head head = heads.poll();
      order[at] = (long) head.slab << 32 | head.rank;
      if (head.advance()) {
        heads.add(head);
      }
    }
    List<SlabView> views = new ArrayList<>(slabs);
    return new MergedRows(views, order, new DroppedRows(views, dead), cancellation);
  }

  /** The id of a row, by its place in the order. */
  byte[] id(int at) {
    return slabs.get((int) (order[at] >>> 32)).idAt((int) order[at]);
  }

  /** A contiguous part of the rows, for one of several outputs. */
  MergedRows part(int from, int to) {
    long[] part = Arrays.copyOfRange(order, from, to);
    return new MergedRows(slabs, part, dropped, cancellation);
  }

  /**
   * The ledger of the dead rows, which the first pass over the rows around them reads along the
   * way, of parts as of the whole.
   */
  Ledger dropped() {
    return dropped.finish();
  }

  @Override
  public int rows() {
    return order.length;
  }

  @Override
  public Cursor open() {
    return new Pass();
  }

  @Override
  public boolean inIdOrder() {
    return inIdOrder;
  }

  @Override
  public Arrivals arrivals() {
    return new RowPass();
  }

  /** Where one slab's reading stands. */
  private static final class Head implements Comparable<Head> {
    private final int slab;
    private final SlabView view;
    private final ImmutableRoaringBitmap dead;
    private int rank = -1;
    private byte[] id;

    Head(int slab, SlabView view, ImmutableRoaringBitmap dead) {
      this.slab = slab;
      this.view = view;
      this.dead = dead;
    }

    boolean advance() {
      do {
        rank++;
        if (rank == view.rows()) {
          return false;
        }
      } while (!dead.isEmpty() && dead.contains(view.rowAt(rank)));
      id = view.idAt(rank);
      return true;
    }

    @Override
    public int compareTo(Head other) {
      return Utf8.compareBytes(id, other.id);
    }
  }

  private final class Pass extends SlabRow {
    private int at = -1;

    Pass() {
      super(dimension);
    }

    @Override
    public boolean next() {
      cancellation.check();
      at++;
      if (at >= order.length) {
        return false;
      }
      int slab = (int) (order[at] >>> 32);
      if (inIdOrder) {
        dropped.readBefore(slab, (int) order[at]);
      }
      moveTo(slabs.get(slab), (int) order[at]);
      return true;
    }
  }

  /** Slab after slab, each from its first row to its last. */
  private final class RowPass extends SlabRow implements Arrivals {
    /** Of each row of the slab its place in the order, -1 for one that is not in it. */
    private int[] places = {};

    private int slab = -1;
    private int row = -1;

    RowPass() {
      super(dimension);
    }

    @Override
    public boolean next() {
      cancellation.check();
      do {
        row++;
        while (row == places.length) {
          if (slab >= 0) {
            dropped.readBefore(slab, row);
          }
          if (++slab == slabs.size()) {
            return false;
          }
          places = places(slab);
          row = 0;
        }
      } while (places[row] < 0);
      dropped.readBefore(slab, row);
      moveToRow(slabs.get(slab), row);
      return true;
    }

    @Override
    public int rank() {
      return places[row];
    }

    @Override
    public List<String> fields() {
      TreeSet<String> fields = new TreeSet<>(Utf8.ORDER);
      slabs.forEach(view -> fields.addAll(view.fieldNames()));
      return List.copyOf(fields);
    }
  }

  private int[] places(int slab) {
    SlabView view = slabs.get(slab);
    int[] places = new int[view.rows()];
    Arrays.fill(places, -1);
    for (int at = 0; at < order.length; at++) {
      if (order[at] >>> 32 == slab) {
        places[view.rowAt((int) order[at])] = at;
      }
    }
    return places;
  }
}
