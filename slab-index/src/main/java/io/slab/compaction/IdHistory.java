package io.slab.compaction;

import io.slab.format.SlabRequest.Tombstone;
import io.slab.format.SlabTombstones;
import io.slab.format.SlabView;
import io.slab.model.Utf8;
import java.util.List;
import java.util.PriorityQueue;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * The ids of several slabs, of their rows and of their deletes, each once and in order, with the
 * newest that the slabs know of it. One thread only.
 */
final class IdHistory {
  private final PriorityQueue<Source> sources = new PriorityQueue<>();
  private byte[] id;
  private long lsn;
  private boolean lives;
  private long oldest;

  /**
   * @param upTo LSN of each slab up to which a delete has nothing in it
   * @param dead rows of each slab
   * @param deletes of each slab
   */
  IdHistory(
      List<SlabView> slabs,
      long[] upTo,
      List<? extends ImmutableRoaringBitmap> dead,
      List<SlabTombstones> deletes) {
    for (int i = 0; i < slabs.size(); i++) {
      add(new Rows(slabs.get(i), upTo[i], dead.get(i)));
      add(new Deletes(deletes.get(i).ids()));
    }
  }

  private void add(Source source) {
    if (source.advance()) {
      sources.add(source);
    }
  }

  /** Moves to the next id; false at the end. */
  boolean next() {
    if (sources.isEmpty()) {
      return false;
    }
    id = sources.peek().id;
    lsn = 0;
    lives = false;
    oldest = Long.MAX_VALUE;
    while (!sources.isEmpty() && Utf8.compareBytes(sources.peek().id, id) == 0) {
      Source source = sources.poll();
      lives |= source.lives;
      lsn = Math.max(lsn, source.lsn);
      oldest = Math.min(oldest, source.upTo);
      add(source);
    }
    return true;
  }

  byte[] id() {
    return id;
  }

  /** Of the newest dead row or delete. */
  long lsn() {
    return lsn;
  }

  /** True when a slab has a row of the id to which the delete up to {@link #lsn} may apply. */
  boolean isHeld() {
    return oldest < lsn;
  }

  /** True when a row of the id is alive. */
  boolean lives() {
    return lives;
  }

  /** Where the reading of one list stands. */
  private abstract static class Source implements Comparable<Source> {
    byte[] id;
    long lsn;
    boolean lives;

    /** Of a slab with a row of the id: a delete up to here has nothing in it. */
    long upTo = Long.MAX_VALUE;

    abstract boolean advance();

    @Override
    public final int compareTo(Source other) {
      return Utf8.compareBytes(id, other.id);
    }
  }

  private static final class Rows extends Source {
    private final SlabView view;
    private final ImmutableRoaringBitmap dead;
    private int rank = -1;

    Rows(SlabView view, long upTo, ImmutableRoaringBitmap dead) {
      this.view = view;
      this.upTo = upTo;
      this.dead = dead;
    }

    @Override
    boolean advance() {
      if (++rank == view.rows()) {
        return false;
      }
      int row = view.rowAt(rank);
      id = view.idAt(rank);
      lives = dead.isEmpty() || !dead.contains(row);
      lsn = lives ? 0 : view.lsn(row);
      return true;
    }
  }

  private static final class Deletes extends Source {
    private final List<Tombstone> ids;
    private int at = -1;

    Deletes(List<Tombstone> ids) {
      this.ids = ids;
    }

    @Override
    boolean advance() {
      if (++at == ids.size()) {
        return false;
      }
      Tombstone tombstone = ids.get(at);
      id = tombstone.id();
      lsn = tombstone.lsn();
      return true;
    }
  }
}
