package io.slab.snapshot;

import io.slab.filter.Filter;
import io.slab.filter.FilterPruner;
import io.slab.format.SlabView;
import io.slab.manifest.SlabEntry;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * One slab of a snapshot.
 *
 * @param view opened by its first use; closed with the index, never by its users
 * @param entry what the manifest says
 * @param dead rows that are deleted, replaced in a later slab or shadowed by the memtable; never
 *     changes
 */
public record LiveSlab(SlabView view, SlabEntry entry, ImmutableRoaringBitmap dead) {
  /** False when the manifest alone tells that no row matches, so that it need not be opened. */
  public boolean mayMatch(Filter filter) {
    return FilterPruner.mayMatch(filter, entry.bounds());
  }
}
