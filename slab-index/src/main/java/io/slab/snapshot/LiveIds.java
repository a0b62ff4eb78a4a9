package io.slab.snapshot;

import io.slab.error.CancellationToken;
import io.slab.format.SlabView;
import io.slab.memtable.MemRow;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

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
    private int rank;

    SlabCursor(LiveSlab slab, byte[] from) {
      this.slab = slab;
      rank = slab.view().lowerBound(from) - 1;
    }

    @Override
    boolean advance() {
      SlabView view = slab.view();
      do {
        rank++;
      } while (rank < view.rows() && slab.dead() != null && slab.dead().contains(view.rowAt(rank)));
      id = rank < view.rows() ? view.idAt(rank) : null;
      return id != null;
    }

    @Override
    VectorRecord record() {
      return slab.view().record(slab.view().rowAt(rank));
    }
  }

  private static final class MemoryCursor extends Cursor {
    private final List<MemRow> rows;
    private int at = -1;

    MemoryCursor(List<MemRow> rows, byte[] from) {
      this.rows = rows;
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
  private final byte[] prefix;
  private final CancellationToken cancellation;
  private Cursor current;

  /**
   * @param prefix only ids that begin with this
   * @param after only ids greater than this, or null
   * @param cancellation asked for each id
   */
  public LiveIds(Snapshot snapshot, String prefix, byte[] after, CancellationToken cancellation) {
    this.cancellation = cancellation;
    this.prefix = Utf8.bytes(prefix);
    byte[] from = after != null && ORDER.compare(after, this.prefix) > 0 ? after : this.prefix;
    List<Cursor> sources = new ArrayList<>();
    snapshot.slabs().forEach(slab -> sources.add(new SlabCursor(slab, from)));
    sources.add(new MemoryCursor(snapshot.memtable(), from));
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
    return current.record();
  }

  private boolean startsWith(byte[] id) {
    return id.length >= prefix.length
        && Arrays.equals(id, 0, prefix.length, prefix, 0, prefix.length);
  }
}
