package io.slab.filter;

import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * A set of rows, or (cheaper than building it) the complement of one. Only {@link #materialize}
 * ever makes a complement real; AND and OR work around it by set differences.
 */
record RowSet(ImmutableRoaringBitmap rows, boolean complement) {
  static final RowSet EMPTY = new RowSet(new MutableRoaringBitmap(), false);
  static final RowSet ALL = new RowSet(new MutableRoaringBitmap(), true);

  static RowSet of(ImmutableRoaringBitmap rows) {
    return new RowSet(rows, false);
  }

  RowSet negate() {
    return new RowSet(rows, !complement);
  }

  boolean isEmpty() {
    return !complement && rows.isEmpty();
  }

  boolean isAll() {
    return complement && rows.isEmpty();
  }

  long count(int universe) {
    long count = rows.getLongCardinality();
    return complement ? universe - count : count;
  }

  /** The real bitmap over rows 0 to {@code universe - 1}. */
  ImmutableRoaringBitmap materialize(int universe) {
    if (!complement) {
      return rows;
    }
    // The library refuses to flip an empty range.
    return universe == 0
        ? new MutableRoaringBitmap()
        : ImmutableRoaringBitmap.flip(rows, 0L, universe);
  }

  /** Intersection: the small sets first, then what must not be in it. */
  static RowSet and(List<RowSet> sets) {
    List<ImmutableRoaringBitmap> inside = new ArrayList<>();
    List<ImmutableRoaringBitmap> outside = new ArrayList<>();
    split(sets, inside, outside);
    if (inside.isEmpty()) {
      return new RowSet(union(outside), true);
    }
    inside.sort((a, b) -> Long.compare(a.getLongCardinality(), b.getLongCardinality()));
    ImmutableRoaringBitmap result = inside.getFirst();
    for (int i = 1; i < inside.size() && !result.isEmpty(); i++) {
      result = ImmutableRoaringBitmap.and(result, inside.get(i));
    }
    for (int i = 0; i < outside.size() && !result.isEmpty(); i++) {
      result = ImmutableRoaringBitmap.andNot(result, outside.get(i));
    }
    return of(result);
  }

  /** Union; with a complement in it, the complement of what is in none. */
  static RowSet or(List<RowSet> sets) {
    return and(sets.stream().map(RowSet::negate).toList()).negate();
  }

  private static void split(
      List<RowSet> sets,
      List<ImmutableRoaringBitmap> inside,
      List<ImmutableRoaringBitmap> outside) {
    for (RowSet set : sets) {
      (set.complement ? outside : inside).add(set.rows);
    }
  }

  private static ImmutableRoaringBitmap union(List<ImmutableRoaringBitmap> bitmaps) {
    return bitmaps.size() == 1 ? bitmaps.getFirst() : ImmutableRoaringBitmap.or(bitmaps.iterator());
  }
}
