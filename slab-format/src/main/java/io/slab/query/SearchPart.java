package io.slab.query;

import io.slab.format.SlabView;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * One slab as a snapshot sees it.
 *
 * @param view must stay open while a query runs
 * @param dead rows that were deleted or replaced since; null means none
 */
public record SearchPart(SlabView view, ImmutableRoaringBitmap dead) {}
