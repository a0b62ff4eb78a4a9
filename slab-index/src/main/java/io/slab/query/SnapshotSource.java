package io.slab.query;

import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.memtable.MemRow;
import io.slab.model.VectorRecord;
import io.slab.search.SearchPart;
import io.slab.search.SearchSource;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import io.slab.store.Traffic;
import java.util.List;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * A snapshot of a namespace as the query engine wants it; the snapshot must stay open meanwhile.
 */
public record SnapshotSource(List<SearchPart> parts, List<VectorRecord> memtable, Traffic traffic)
    implements SearchSource {
  public static SnapshotSource of(Snapshot snapshot) {
    return new SnapshotSource(
        snapshot.slabs().stream()
            .map(slab -> new SearchPart(slab.view(), slab.dead(), slab.entry().bounds()))
            .toList(),
        snapshot.memtable().stream().map(MemRow::record).toList(),
        snapshot.traffic());
  }

  /** Live records that match a filter. */
  public static long count(Snapshot snapshot, Filter filter) {
    long count = 0;
    for (LiveSlab slab : snapshot.slabs()) {
      if (!slab.mayMatch(filter)) {
        continue;
      }
      ImmutableRoaringBitmap rows = slab.view().matching(filter);
      count +=
          slab.dead() == null
              ? rows.getLongCardinality()
              : ImmutableRoaringBitmap.andNot(rows, slab.dead()).getLongCardinality();
    }
    for (MemRow row : snapshot.memtable()) {
      count += FilterEvaluator.matches(filter, row.record().metadata()) ? 1 : 0;
    }
    return count;
  }
}
