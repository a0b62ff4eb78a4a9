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
    return switch (filter) {
      case Filter.All all -> true;
      case Filter.Exists(String field) -> bounds.mayHave(field);
      case Filter.Eq(String field, MetaValue value) -> mayEqual(field, value, bounds);
      case Filter.In in ->
          in.values().stream().anyMatch(value -> mayEqual(in.field(), value, bounds));
      case Filter.Compare compare -> mayCompare(compare, bounds);
      case Filter.Not not -> mayFail(not.clause(), bounds);
      case Filter.And and -> and.filters().stream().allMatch(part -> mayMatch(part, bounds));
      case Filter.Or or -> or.filters().stream().anyMatch(part -> mayMatch(part, bounds));
    };
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
    return switch (value) {
      case MetaValue.Str(String text) -> bounds.mayEqual(field, text);
      case MetaValue.Num(double number) -> bounds.mayBeWithin(field, number, number);
      case MetaValue.Bool(boolean truth) -> bounds.mayEqual(field, truth);
      case MetaValue.StrList list -> true;
    };
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
