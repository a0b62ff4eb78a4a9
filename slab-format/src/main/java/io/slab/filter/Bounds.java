package io.slab.filter;

import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** An interval of numbers, narrowed by one comparison after the other. */
record Bounds(double low, boolean lowInclusive, double high, boolean highInclusive) {
  static final Bounds NONE =
      new Bounds(Double.NEGATIVE_INFINITY, true, Double.POSITIVE_INFINITY, true);

  Bounds narrow(Filter.Compare compare) {
    double operand = compare.operand();
    return switch (compare.order()) {
      case GT -> above(operand, false);
      case GTE -> above(operand, true);
      case LT -> below(operand, false);
      case LTE -> below(operand, true);
    };
  }

  private Bounds above(double operand, boolean inclusive) {
    if (operand < low || (operand == low && (inclusive || !lowInclusive))) {
      return this;
    }
    return new Bounds(operand, inclusive, high, highInclusive);
  }

  private Bounds below(double operand, boolean inclusive) {
    if (operand > high || (operand == high && (inclusive || !highInclusive))) {
      return this;
    }
    return new Bounds(low, lowInclusive, operand, inclusive);
  }

  ImmutableRoaringBitmap rows(String field, FieldIndex index) {
    boolean empty = low > high || (low == high && !(lowInclusive && highInclusive));
    return empty
        ? new MutableRoaringBitmap()
        : index.range(field, low, lowInclusive, high, highInclusive);
  }
}
