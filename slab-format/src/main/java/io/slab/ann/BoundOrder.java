package io.slab.ann;

/**
 * The order in which rows are scored: those of the least bound first, rows of equal bounds by their
 * places. A bound that is no number excludes nothing, so such rows come before all.
 */
public final class BoundOrder {
  private BoundOrder() {}

  /** A number to sort by. */
  public static long entry(float bound, int place) {
    int bits = Float.floatToIntBits(Float.isNaN(bound) ? Float.NEGATIVE_INFINITY : bound);
    long sortable = bits ^ bits >> 31 & Integer.MAX_VALUE;
    return sortable << Integer.SIZE | place;
  }

  /** The place of an entry. */
  public static int place(long entry) {
    return (int) entry;
  }
}
