package io.slab.snapshot;

import io.slab.error.CancellationToken;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.format.SlabView;
import io.slab.memtable.MemRow;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * Walks the live records of a snapshot in unsigned order of their id bytes, merging slabs and
 * memtable. Nothing is read ahead of the walk, so that the first page of a large namespace costs a
 * page. One thread only.
 */
public final class LiveIds {
  private static final Comparator<byte[]> ORDER = Arrays::compareUnsigned;

  /** Where one source is. */
  private abstract static class Cursor {
    byte[] id;

    /** Moves to the next live row; false at the end. */
    abstract boolean advance();

    abstract VectorRecord record();
  }

  private static final class SlabCursor extends Cursor {
    private final LiveSlab slab;

    /** Rows that match; null for all. */
    private final ImmutableRoaringBitmap matching;

    private int rank;

    SlabCursor(LiveSlab slab, byte[] from, Filter filter) {
      this.slab = slab;
      this.matching = filter == null ? null : slab.view().matching(filter);
      rank = slab.view().lowerBound(from) - 1;
    }

    @Override
    boolean advance() {
      SlabView view = slab.view();
      do {
        rank++;
      } while (rank < view.rows() && isLeftOut(view));
      id = rank < view.rows() ? view.idAt(rank) : null;
      return id != null;
    }

    private boolean isLeftOut(SlabView view) {
      if (slab.dead() == null && matching == null) {
        return false;
      }
      int row = view.rowAt(rank);
      return (slab.dead() != null && slab.dead().contains(row))
          || (matching != null && !matching.contains(row));
    }

    @Override
    VectorRecord record() {
      return slab.view().record(slab.view().rowAt(rank));
    }
  }

  private static final class MemoryCursor extends Cursor {
    private final List<MemRow> rows;
    private int at = -1;

    MemoryCursor(List<MemRow> all, byte[] from, Filter filter) {
      this.rows =
          filter == null
              ? all
              : all.stream()
                  .filter(row -> FilterEvaluator.matches(filter, row.record().metadata()))
                  .toList();
      while (at + 1 < rows.size() && ORDER.compare(rows.get(at + 1).idBytes(), from) < 0) {
        at++;
      }
    }

    @Override
    boolean advance() {
      at++;
      id = at < rows.size() ? rows.get(at).idBytes() : null;
      return id != null;
    }

    @Override
    VectorRecord record() {
      return rows.get(at).record();
    }
  }

  private final PriorityQueue<Cursor> cursors =
      new PriorityQueue<>((a, b) -> ORDER.compare(a.id, b.id));
  private final Snapshot snapshot;
  private final byte[] prefix;
  private final CancellationToken cancellation;
  private Cursor current;

  /**
   * @param prefix only ids that begin with this
   * @param after only ids greater than this, or null
   * @param cancellation asked for each id
   */
  public LiveIds(Snapshot snapshot, String prefix, byte[] after, CancellationToken cancellation) {
    this(snapshot, prefix, after, null, cancellation);
  }

  /**
   * Only of records that match.
   *
   * @param filter null for all
   * @throws io.slab.error.InvalidInputException when it looks at a field that is not indexed
   */
  public LiveIds(
      Snapshot snapshot,
      String prefix,
      byte[] after,
      Filter filter,
      CancellationToken cancellation) {
    this.snapshot = snapshot;
    this.cancellation = cancellation;
    this.prefix = Utf8.bytes(prefix);
    byte[] from = after != null && ORDER.compare(after, this.prefix) > 0 ? after : this.prefix;
    List<Cursor> sources = new ArrayList<>();
    Filter wanted = filter instanceof Filter.All ? null : filter;
    snapshot.slabs().stream()
        .filter(slab -> wanted == null || slab.mayMatch(wanted))
        .forEach(slab -> sources.add(new SlabCursor(slab, from, wanted)));
    sources.add(new MemoryCursor(snapshot.memtable(), from, wanted));
    for (Cursor cursor : sources) {
      boolean more = cursor.advance();
      if (more && after != null && Arrays.equals(cursor.id, after)) {
        more = cursor.advance();
      }
      if (more) {
        cursors.add(cursor);
      }
    }
  }

  /** The next id, or null at the end. */
  public byte[] next() {
    cancellation.check();
    if (current != null && current.advance()) {
      cursors.add(current);
    }
    current = cursors.poll();
    if (current == null || !startsWith(current.id)) {
      current = null;
      cursors.clear();
      return null;
    }
    return current.id;
  }

  /** The record whose id {@link #next} gave last. */
  public VectorRecord record() {
    return snapshot.shown(current.record());
  }

  private boolean startsWith(byte[] id) {
    return id.length >= prefix.length
        && Arrays.equals(id, 0, prefix.length, prefix, 0, prefix.length);
  }
}
