package io.slab.compaction;

import io.slab.error.CancellationToken;
import io.slab.format.SlabInput;
import io.slab.format.SlabView;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * The live rows of several slabs in id order, as a slab builder reads them: bit for bit as they are
 * in their slabs. Every live id is in one slab only. The order is found once and held as 8 bytes a
 * row; everything else is read from the slabs, in each from front to back. Passes may run side by
 * side.
 */
final class MergedRows implements SlabInput {
  private final List<SlabView> slabs;
  private final long[] order;
  private final int dimension;
  private final CancellationToken cancellation;

  private MergedRows(List<SlabView> slabs, long[] order, CancellationToken cancellation) {
    this.slabs = slabs;
    this.order = order;
    this.cancellation = cancellation;
    this.dimension = slabs.getFirst().dimension();
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
    for (int at = 0; at < order.length; at++) {
      cancellation.check();
      Head head = heads.poll();
      order[at] = (long) head.slab << 32 | head.row;
      if (head.advance()) {
        heads.add(head);
      }
    }
    return new MergedRows(new ArrayList<>(slabs), order, cancellation);
  }

  /** A contiguous part of the rows, for one of several outputs. */
  MergedRows part(int from, int to) {
    return new MergedRows(slabs, Arrays.copyOfRange(order, from, to), cancellation);
  }

  @Override
  public int rows() {
    return order.length;
  }

  @Override
  public Cursor open() {
    return new Pass();
  }

  /** Where one slab's reading stands. */
  private static final class Head implements Comparable<Head> {
    private final int slab;
    private final SlabView view;
    private final ImmutableRoaringBitmap dead;
    private int row = -1;
    private byte[] id;

    Head(int slab, SlabView view, ImmutableRoaringBitmap dead) {
      this.slab = slab;
      this.view = view;
      this.dead = dead;
    }

    boolean advance() {
      do {
        row++;
      } while (row < view.rows() && dead.contains(row));
      if (row == view.rows()) {
        return false;
      }
      id = view.rowId(row);
      return true;
    }

    @Override
    public int compareTo(Head other) {
      return Utf8.compareBytes(id, other.id);
    }
  }

  private final class Pass implements Cursor {
    private final float[] values = new float[dimension];
    private int at = -1;
    private SlabView slab;
    private int row;

    @Override
    public boolean next() {
      cancellation.check();
      at++;
      if (at >= order.length) {
        return false;
      }
      slab = slabs.get((int) (order[at] >>> 32));
      row = (int) order[at];
      return true;
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
      if (dimension == 0) {
        return null;
      }
      slab.dense().copy(row, values);
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
}
