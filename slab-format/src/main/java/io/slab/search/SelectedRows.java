package io.slab.search;

import io.slab.ann.AllowedRows;
import io.slab.filter.Filter;
import io.slab.format.SlabView;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * The rows of one slab that a filter and deletions leave, in the forms that scans and indexes take.
 * Thread-safe.
 */
final class SelectedRows {
  private final int rows;
  private final ImmutableRoaringBitmap selected;
  private final ImmutableRoaringBitmap dead;
  private final long matching;
  private volatile AllowedRows allowed;

  private SelectedRows(int rows, ImmutableRoaringBitmap selected, ImmutableRoaringBitmap dead) {
    this.rows = rows;
    this.selected = selected;
    this.dead = dead;
    matching =
        selected == null
            ? rows - (dead == null ? 0 : dead.getLongCardinality())
            : selected.getLongCardinality();
  }

  /**
   * Evaluates a filter, or finds that it was evaluated a moment ago.
   *
   * @param filter null for all rows
   * @param dead null for none; known again by its identity, since it never changes
   */
  static SelectedRows of(SlabView view, Filter filter, ImmutableRoaringBitmap dead) {
    if (filter == null && dead == null) {
      return new SelectedRows(view.rows(), null, null);
    }
    Recent recent = view.attachment(Recent.class, slab -> new Recent());
    return recent == null ? evaluate(view, filter, dead) : recent.get(view, filter, dead);
  }

  private static SelectedRows evaluate(SlabView view, Filter filter, ImmutableRoaringBitmap dead) {
    ImmutableRoaringBitmap selected = null;
    boolean anyLive = dead == null || dead.getLongCardinality() < view.rows();
    if (filter != null && anyLive) {
      selected = view.matching(filter);
      selected = dead == null ? selected : ImmutableRoaringBitmap.andNot(selected, dead);
    }
    return new SelectedRows(view.rows(), selected, dead);
  }

  /** Rows that match and live, or null when all do that are not dead. */
  ImmutableRoaringBitmap selected() {
    return selected;
  }

  /** Rows that match and live. */
  ImmutableRoaringBitmap rows() {
    if (selected != null) {
      return selected;
    }
    MutableRoaringBitmap live = MutableRoaringBitmap.bitmapOfRange(0, rows);
    if (dead != null) {
      live.andNot(dead);
    }
    return live;
  }

  /** Number of rows that take part. */
  long matching() {
    return matching;
  }

  /** The same as one bit a row, or null when all rows take part. */
  AllowedRows allowed() {
    AllowedRows known = allowed;
    if (known != null) {
      return known;
    }
    // One thread at a time: what reads a bitmap as a whole moves a position in it.
    synchronized (this) {
      if (allowed == null) {
        allowed = AllowedRows.of(rows, selected, selected == null ? dead : null);
      }
      return allowed;
    }
  }

  /**
   * The last few selections of one slab, kept as long as it is open: a filter that comes again
   * costs nothing. Each takes two bits a row at most, so that all take about one byte a row.
   * Thread-safe.
   */
  private static final class Recent {
    private static final int MOST = 4;

    private record Entry(Filter filter, ImmutableRoaringBitmap dead, SelectedRows rows) {
      boolean is(Filter otherFilter, ImmutableRoaringBitmap otherDead) {
        return dead == otherDead
            && (filter == null ? otherFilter == null : filter.equals(otherFilter));
      }
    }

    private final Deque<Entry> entries = new ArrayDeque<>(MOST + 1);

    SelectedRows get(SlabView view, Filter filter, ImmutableRoaringBitmap dead) {
      SelectedRows known = find(filter, dead);
      if (known != null) {
        return known;
      }
      SelectedRows rows = evaluate(view, filter, dead);
      synchronized (this) {
        entries.addFirst(new Entry(filter, dead, rows));
        if (entries.size() > MOST) {
          entries.removeLast();
        }
      }
      return rows;
    }

    private synchronized SelectedRows find(Filter filter, ImmutableRoaringBitmap dead) {
      for (Iterator<Entry> all = entries.iterator(); all.hasNext(); ) {
        Entry entry = all.next();
        if (entry.is(filter, dead)) {
          all.remove();
          entries.addFirst(entry);
          return entry.rows();
        }
      }
      return null;
    }
  }
}
