package io.slab.writer;

import io.slab.format.SlabRequest.Tombstone;
import io.slab.format.SlabTombstones;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.Memtable;
import io.slab.model.RangeTombstone;
import io.slab.model.RangeTombstone.Kind;
import io.slab.snapshot.NamespaceState;
import io.slab.wal.WalLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The deletes of a memtable as a flush writes them (spec/index.md, "What the files prove"). */
final class FlushedDeletes {
  private FlushedDeletes() {}

  /** The deletes of a state that are in no slab yet. */
  static SlabTombstones of(NamespaceState state) {
    return of(state, state.lastLsn());
  }

  /**
   * The same.
   *
   * @param asOf LSN up to which the rows take account of writes
   */
  static SlabTombstones of(NamespaceState state, long asOf) {
    Memtable memtable = state.memtable();
    List<Tombstone> ids = new ArrayList<>();
    for (Map.Entry<byte[], Memtable.Entry> e : memtable.all()) {
      if (!e.getValue().live()) {
        ids.add(new Tombstone(e.getKey(), e.getValue().lsn()));
      }
    }
    List<RangeTombstone> ranges = SlabTombstones.reduced(memtable.ranges(), memtable.updates());
    NamespaceManifest manifest = state.manifest();
    if (manifest.slabs().isEmpty() && manifest.lsnFlushed() > 0) {
      // Files of before may be left, of a namespace that was dropped.
      RangeTombstone before =
          RangeTombstone.all(WalLayout.firstLsn(manifest.walFlushedThrough() + 1));
      if (ranges.stream().noneMatch(range -> range.covers(before))) {
        ranges.add(before);
      }
    }
    return SlabTombstones.sorted(ids, ranges, asOf);
  }

  /** True when all that a slab holds, rows and deletes, is older than a delete of everything. */
  static boolean deleteAll(SlabTombstones deleted, SlabEntry slab) {
    return deleted.ranges().stream()
        .anyMatch(range -> range.kind() == Kind.ALL && slab.lsnMax() < range.lsn());
  }
}
