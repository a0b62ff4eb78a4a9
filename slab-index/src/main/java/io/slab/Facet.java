package io.slab;

import io.slab.error.InvalidInputException;
import io.slab.filter.FieldCounts;
import io.slab.model.MetaValue;
import io.slab.model.Utf8;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Records counted by their values of one metadata field. A record counts once for each string of a
 * list, so that the counts of a field of lists can add up to more than the records. Immutable and
 * thread-safe.
 *
 * @param field name of the field
 * @param records all records that were looked at
 * @param values the most frequent values, most frequent first; ties as strings in the order of
 *     their bytes, numbers ascending, false, true
 * @param otherValues how many values are not among {@code values}
 * @param otherCount sum of their counts
 * @param missing records that lack the field
 * @param empty records whose value is a list without elements
 */
public record Facet(
    String field,
    long records,
    List<Count> values,
    long otherValues,
    long otherCount,
    long missing,
    long empty) {
  private static final Comparator<Count> ORDER =
      Comparator.comparingLong(Count::count)
          .reversed()
          .thenComparing(Count::value, Facet::compare);

  /**
   * How many records have a value.
   *
   * @param value a string, a number (0.0 for -0.0 too) or a boolean
   * @param count at least 1
   */
  public record Count(MetaValue value, long count) {}

  /** Copies the values. */
  public Facet {
    values = List.copyOf(values);
  }

  /**
   * The most frequent values of counts.
   *
   * @param top most values to keep, at least 1
   */
  static Facet of(FieldCounts counts, int top) {
    if (top < 1) {
      throw new InvalidInputException("the " + top + " most frequent values", "ask for 1 or more");
    }
    List<Count> all = new ArrayList<>(counts.values().size());
    long sum = 0;
    for (Map.Entry<MetaValue, long[]> value : counts.values().entrySet()) {
      all.add(new Count(value.getKey(), value.getValue()[0]));
      sum += value.getValue()[0];
    }
    all.sort(ORDER);
    List<Count> first = all.subList(0, Math.min(top, all.size()));
    long shown = first.stream().mapToLong(Count::count).sum();
    return new Facet(
        counts.field(),
        counts.records(),
        first,
        all.size() - first.size(),
        sum - shown,
        counts.missing(),
        counts.empty());
  }

  private static int compare(MetaValue a, MetaValue b) {
    if (a instanceof MetaValue.Str(String left) && b instanceof MetaValue.Str(String right)) {
      return Utf8.ORDER.compare(left, right);
    }
    if (a instanceof MetaValue.Num(double left) && b instanceof MetaValue.Num(double right)) {
      return Double.compare(left, right);
    }
    if (a instanceof MetaValue.Bool(boolean left) && b instanceof MetaValue.Bool(boolean right)) {
      return Boolean.compare(left, right);
    }
    return Integer.compare(rank(a), rank(b));
  }

  private static int rank(MetaValue value) {
    return value instanceof MetaValue.Str ? 0 : value instanceof MetaValue.Num ? 1 : 2;
  }
}
