package io.slab.writer;

import io.slab.format.SlabRequest.Tombstone;
import io.slab.format.SlabTombstones;
import io.slab.manifest.DeletionVector;
import io.slab.manifest.SlabDeletes;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.MemRows;
import io.slab.model.RangeTombstone;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.NamespaceState;
import io.slab.snapshot.StateSlab;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * What a bulk load keeps of the namespace that it fills, so that files of before, which may be
 * left, are known to be void: the namespace was empty when the load reserved its place.
 *
 * @param kept slabs that other writers flushed since; all their rows are dead
 * @param written a slab of deletes alone, or null when nothing was ever written
 */
record BulkTrace(List<SlabEntry> kept, SlabEntry written) {
  /**
   * Writes the slab of deletes.
   *
   * @param state without any record
   * @param lsn of the rows of the load: when they got their place the namespace was empty
   */
  static BulkTrace write(NamespaceHandle namespace, NamespaceState state, long lsn) {
    List<SlabEntry> kept = new ArrayList<>();
    for (StateSlab slab : state.slabs()) {
      if (slab.entry().lsnMax() > lsn) {
        kept.add(slab.entry().withDeletes(allDead(slab.entry().rows())));
      }
    }
    SlabTombstones deleted = FlushedDeletes.of(state);
    if (deleted.isEmpty() && state.manifest().lsnFlushed() == 0) {
      return new BulkTrace(kept, null);
    }
    List<RangeTombstone> ranges = new ArrayList<>(List.of(RangeTombstone.all(lsn)));
    deleted.ranges().stream().filter(range -> range.lsn() > lsn).forEach(ranges::add);
    List<Tombstone> ids = deleted.ids().stream().filter(id -> id.lsn() > lsn).toList();
    SlabTombstones all = SlabTombstones.sorted(ids, ranges, state.lastLsn());
    SlabEntry written =
        new SlabWriter(namespace).write(0, List.of(), all, new MemRows(List.of()), () -> false);
    return new BulkTrace(kept, written);
  }

  private static SlabDeletes allDead(int rows) {
    if (rows == 0) {
      return SlabDeletes.NONE;
    }
    MutableRoaringBitmap dead = new MutableRoaringBitmap();
    dead.add(0L, rows);
    return new SlabDeletes(rows, DeletionVector.encode(dead), null);
  }

  /** What the manifest names before the slabs of the load. */
  List<SlabEntry> slabs() {
    List<SlabEntry> slabs = new ArrayList<>(kept);
    if (written != null) {
      slabs.add(written);
    }
    return slabs;
  }

  /** The full name of what was written. */
  List<String> files(NamespaceHandle namespace) {
    return written == null ? List.of() : List.of(namespace.names().slab(written.id()));
  }

  /** After it was proved that no manifest names what was written. */
  void delete(NamespaceHandle namespace) {
    files(namespace).forEach(namespace.store()::delete);
  }
}
