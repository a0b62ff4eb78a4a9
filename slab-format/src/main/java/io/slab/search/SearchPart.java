package io.slab.search;

import io.slab.filter.FieldBounds;
import io.slab.format.SlabView;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * One slab as a snapshot sees it.
 *
 * @param view must stay open while a query runs
 * @param dead rows that were deleted or replaced since; null means none
 * @param bounds what is known of the fields of its rows without opening it; null means nothing
 */
public record SearchPart(SlabView view, ImmutableRoaringBitmap dead, FieldBounds bounds) {
  /** A slab of which nothing is known before it is opened. */
  public SearchPart(SlabView view, ImmutableRoaringBitmap dead) {
    this(view, dead, null);
  }
}
