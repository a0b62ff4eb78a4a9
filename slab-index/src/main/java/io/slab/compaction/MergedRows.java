package io.slab.compaction;

import io.slab.error.CancellationToken;
import io.slab.error.OnFailure;
import io.slab.format.SlabInput;
import io.slab.format.SlabSpool;
import io.slab.format.SlabView;
import io.slab.model.Ledger;
import io.slab.model.Utf8;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * The live rows of several slabs in id order, as a slab builder reads them: bit for bit as they are
 * in their slabs. Every live id is in one slab only. The order is found once and held as 8 bytes a
 * row; everything else is read from the slabs. The metadata of slabs that keep their rows in
 * another order wait in scratch files until this is closed. Passes may run side by side, in one
 * thread.
 */
final class MergedRows implements SlabInput, AutoCloseable {
  private final List<SlabView> slabs;

  /** Of each slab that keeps its rows in another order; null for the others. */
  private final SlabSpool[] spools;

  /** Slab and rank of the id of each row. */
  private final long[] order;

  private final int dimension;
  private final DroppedRows dropped;
  private final CancellationToken cancellation;

  private MergedRows(
      List<SlabView> slabs,
      SlabSpool[] spools,
      long[] order,
      DroppedRows dropped,
      CancellationToken cancellation) {
    this.slabs = slabs;
    this.spools = spools;
    this.order = order;
    this.dropped = dropped;
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
      order[at] = (long) head.slab << 32 | head.rank;
      if (head.advance()) {
        heads.add(head);
      }
    }
    SlabSpool[] spools = new SlabSpool[slabs.size()];
    List<SlabView> views = new ArrayList<>(slabs);
    DroppedRows dropped = new DroppedRows(views, spools, dead);
    MergedRows merged = new MergedRows(views, spools, order, dropped, cancellation);
    return OnFailure.close(
        merged,
        () -> {
          // Where no row lives nothing is read, and nothing has to wait in a scratch file.
          for (int i = 0; i < spools.length && order.length > 0; i++) {
            spools[i] = slabs.get(i).spool(null, cancellation);
          }
          return merged;
        });
  }

  /** The id of a row, by its place in the order. */
  byte[] id(int at) {
    return slabs.get((int) (order[at] >>> 32)).idAt((int) order[at]);
  }

  /** A contiguous part of the rows, for one of several outputs. */
  MergedRows part(int from, int to) {
    long[] part = Arrays.copyOfRange(order, from, to);
    return new MergedRows(slabs, spools, part, dropped, cancellation);
  }

  /**
   * The ledger of the dead rows, which the first pass over the rows around them reads along the
   * way, of parts as of the whole.
   */
  Ledger dropped() {
    return dropped.finish();
  }

  /** Gives the scratch files back; parts must not be read any more. */
  @Override
  public void close() {
    for (SlabSpool spool : spools) {
      if (spool != null) {
        spool.close();
      }
    }
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
      dropped.readBefore(slab, (int) order[at]);
      moveTo(slabs.get(slab), spools[slab], (int) order[at]);
      return true;
    }
  }
}
