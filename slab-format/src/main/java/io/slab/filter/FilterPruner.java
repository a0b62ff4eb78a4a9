package io.slab.filter;

import io.slab.model.MetaValue;
import java.util.Objects;

/**
 * Tells whether any row of a set can match a filter, from the bounds of its fields alone. Sound:
 * where it says no, {@link FilterEvaluator} finds no row; where it says yes there may be none all
 * the same. Stateless and thread-safe.
 */
public final class FilterPruner {
  private FilterPruner() {}

  /** False when no row of the set matches. */
  public static boolean mayMatch(Filter filter, FieldBounds bounds) {
    if (filter instanceof Filter.Clause clause) {
      return mayHold(clause, bounds);
    }
    if (filter instanceof Filter.Not not) {
      return mayFail(not.clause(), bounds);
    }
    // One part decides: of $or one that may match, of $and one that cannot.
    boolean or = filter instanceof Filter.Or;
    for (Filter part : filter.parts()) {
      if (mayMatch(part, bounds) == or) {
        return or;
      }
    }
    return !or;
  }

  private static boolean mayHold(Filter.Clause clause, FieldBounds bounds) {
    if (clause instanceof Filter.Eq(String field, MetaValue value)) {
      return mayEqual(field, value, bounds);
    }
    if (clause instanceof Filter.In in) {
      for (MetaValue value : in.values()) {
        if (mayEqual(in.field(), value, bounds)) {
          return true;
        }
      }
      return false;
    }
    return clause instanceof Filter.Compare compare
        ? mayCompare(compare, bounds)
        : bounds.mayHave(clause.field());
  }

  /**
   * The part of a filter that no row of the set can match, for people: of {@code $and} the first
   * that excludes all rows by itself.
   *
   * @return null when {@link #mayMatch} is true
   */
  public static Filter excluder(Filter filter, FieldBounds bounds) {
    if (mayMatch(filter, bounds)) {
      return null;
    }
    return filter instanceof Filter.And and
        ? and.filters().stream()
            .map(part -> excluder(part, bounds))
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(filter)
        : filter;
  }

  private static boolean mayEqual(String field, MetaValue value, FieldBounds bounds) {
    if (value instanceof MetaValue.Str(String text)) {
      return bounds.mayEqual(field, text);
    }
    if (value instanceof MetaValue.Num(double number)) {
      return bounds.mayBeWithin(field, number, number);
    }
    return !(value instanceof MetaValue.Bool(boolean truth)) || bounds.mayEqual(field, truth);
  }

  /** A bound that the operand just touches counts as overlap, whether it is included or not. */
  private static boolean mayCompare(Filter.Compare compare, FieldBounds bounds) {
    double operand = compare.operand();
    return switch (compare.order()) {
      case GT, GTE -> bounds.mayBeWithin(compare.field(), operand, Double.POSITIVE_INFINITY);
      case LT, LTE -> bounds.mayBeWithin(compare.field(), Double.NEGATIVE_INFINITY, operand);
    };
  }

  /**
   * Whether some row can fail a clause. Bounds say what may be there and not what surely is, so the
   * one clause that they can prove for every row is that a field exists.
   */
  private static boolean mayFail(Filter.Clause clause, FieldBounds bounds) {
    return !(clause instanceof Filter.Exists(String field) && bounds.allHave(field));
  }
}
