package io.slab.format;

import io.slab.filter.FieldCounts;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * Counts values of a field row by row, from the metadata itself: where no column has the field. Of
 * a remote slab it fetches the metadata of many rows at once. Stateless and thread-safe.
 */
final class ValueCounter {
  /** Rows of a remote slab that are fetched together. */
  private static final int AHEAD = 1_000;

  private ValueCounter() {}

  /**
   * @param rows null for all
   */
  static void count(SlabView slab, ImmutableRoaringBitmap rows, FieldCounts into) {
    int[] batch = new int[AHEAD];
    int size = 0;
    PeekableIntIterator some = rows == null ? null : rows.getIntIterator();
    int next = 0;
    while (some == null ? next < slab.rows() : some.hasNext()) {
      batch[size++] = some == null ? next++ : some.next();
      if (size == AHEAD) {
        count(slab, batch, size, into);
        size = 0;
      }
    }
    count(slab, batch, size, into);
  }

  private static void count(SlabView slab, int[] rows, int size, FieldCounts into) {
    if (slab.isRemote() && size > 0) {
      SlabAhead ahead = slab.ahead();
      for (int i = 0; i < size; i++) {
        ahead.metadata(rows[i]);
      }
      ahead.run();
    }
    for (int i = 0; i < size; i++) {
      into.add(slab.metadata(rows[i]));
    }
  }
}
