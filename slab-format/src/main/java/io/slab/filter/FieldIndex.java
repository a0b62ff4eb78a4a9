package io.slab.filter;

import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * What a set of rows can tell a filter without looking at each row: for each question the exact set
 * of row ordinals, no false positives and no false negatives. Bitmaps returned may be mapped views;
 * callers never change them. A field that no row has yields empty bitmaps. Thread-safe.
 */
public interface FieldIndex {
  /** Number of rows; ordinals are 0 to rows - 1. */
  int rows();

  /** False when the index's schema leaves this field out, so that it cannot be filtered on. */
  boolean isIndexed(String field);

  /** Rows that have the field, with a value of any type. */
  ImmutableRoaringBitmap exists(String field);

  /** Rows whose value is this string, or a list with this element. */
  ImmutableRoaringBitmap equalTo(String field, String value);

  /** Rows whose value is this number (0.0 equals -0.0). */
  ImmutableRoaringBitmap equalTo(String field, double value);

  /** Rows whose value is this boolean. */
  ImmutableRoaringBitmap equalTo(String field, boolean value);

  /** Rows whose value is a number in the range; infinities mean no bound. */
  ImmutableRoaringBitmap range(
      String field, double low, boolean lowInclusive, double high, boolean highInclusive);
}
