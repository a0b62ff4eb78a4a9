package io.slab.ann;

import io.slab.bytes.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * Where a stored list is not the one that vectors and centroid give. Factors may be rounded
 * otherwise, as they come from sums that may be added up in several orders.
 *
 * @param at first byte inside the list
 * @param part what lies there
 */
record ListDifference(long at, String part) {
  /** Sums may be added up in several orders. */
  private static final double ROUNDING = 1e-5;

  /** The first difference, or null. */
  static ListDifference find(
      ListLayout layout, int rows, MemorySegment stored, MemorySegment made) {
    long at = stored.mismatch(made);
    if (at < 0) {
      return null;
    }
    if (at < layout.codesAt(rows)) {
      return new ListDifference(at, "padding");
    }
    if (at < layout.factorsAt(rows)) {
      return new ListDifference(at, "a code");
    }
    for (long i = layout.factorsAt(rows); i < layout.fineAt(rows); i += 4) {
      if (factorsDiffer(stored, made, i)) {
        return new ListDifference(i, "a factor");
      }
    }
    return fine(layout, rows, stored, made);
  }

  private static ListDifference fine(
      ListLayout layout, int rows, MemorySegment stored, MemorySegment made) {
    long at = layout.fineAt(rows);
    for (int row = 0; row < rows; row++, at += layout.fineBytes()) {
      for (long i = at; i < at + ListLayout.FINE_FACTORS; i += 4) {
        if (factorsDiffer(stored, made, i)) {
          return new ListDifference(i, "a factor of a fine code");
        }
      }
      long digits = at + ListLayout.FINE_FACTORS;
      long end = at + layout.fineBytes();
      long other = MemorySegment.mismatch(stored, digits, end, made, digits, end);
      if (other >= 0) {
        return new ListDifference(digits + other, "a fine code");
      }
    }
    long end = stored.byteSize();
    long other = MemorySegment.mismatch(stored, at, end, made, at, end);
    return other < 0 ? null : new ListDifference(at + other, "padding");
  }

  private static boolean factorsDiffer(MemorySegment stored, MemorySegment made, long at) {
    float found = stored.get(LittleEndian.FLOAT, at);
    float computed = made.get(LittleEndian.FLOAT, at);
    // What the text says is zero is exactly that: of rows that are their centroid, and of padding.
    return computed == 0 ? found != 0 : differ(found, computed);
  }

  static boolean differ(double stored, double computed) {
    return !(Math.abs(stored - computed) <= ROUNDING * Math.abs(computed) + Float.MIN_NORMAL);
  }
}
