package io.slab.query;

import io.slab.error.CancellationToken;
import io.slab.filter.FieldCounts;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.memtable.MemRow;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** Counts the live records of a snapshot by their values of a field. Stateless and thread-safe. */
public final class FacetCount {
  private FacetCount() {}

  /**
   * @param filter null for all records
   * @param cancellation asked before each slab
   */
  public static FieldCounts of(
      Snapshot snapshot, String field, Filter filter, CancellationToken cancellation) {
    FieldCounts counts = new FieldCounts(field);
    Filter wanted = filter instanceof Filter.All ? null : filter;
    for (LiveSlab slab : snapshot.slabs()) {
      cancellation.check();
      if (wanted == null || slab.mayMatch(wanted)) {
        slab.view().countValues(rows(slab, wanted), counts);
      }
    }
    cancellation.check();
    for (MemRow row : snapshot.memtable()) {
      if (wanted == null || FilterEvaluator.matches(wanted, row.record().metadata())) {
        counts.add(row.record().metadata());
      }
    }
    return counts;
  }

  /** The live rows that match; null for all rows of the slab. */
  private static ImmutableRoaringBitmap rows(LiveSlab slab, Filter filter) {
    ImmutableRoaringBitmap dead = slab.dead();
    boolean allLive = dead == null || dead.isEmpty();
    if (filter != null) {
      ImmutableRoaringBitmap matching = slab.view().matching(filter);
      return allLive ? matching : ImmutableRoaringBitmap.andNot(matching, dead);
    }
    if (allLive) {
      return null;
    }
    MutableRoaringBitmap live = new MutableRoaringBitmap();
    live.add(0L, slab.view().rows());
    live.andNot(dead);
    return live;
  }
}
