package io.slab.query;

import io.slab.error.InvalidInputException;
import io.slab.filter.FieldCounts;
import io.slab.model.MetaValue;
import io.slab.model.Utf8;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The most frequent values of a field, and all the others as one count.
 *
 * @param field name of the field
 * @param records all records that were looked at
 * @param values most frequent first; ties as strings in the order of their bytes, numbers
 *     ascending, false, true
 * @param otherValues how many values are not among {@code values}
 * @param otherCount sum of their counts
 * @param missing records that lack the field
 * @param empty records whose value is a list without elements
 */
public record FieldFacet(
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
          .thenComparing(Count::value, FieldFacet::compare);

  /** How many records have a value. */
  public record Count(MetaValue value, long count) {}

  /** Copies the values. */
  public FieldFacet {
    values = List.copyOf(values);
  }

  /**
   * @param top most values to keep
   * @throws InvalidInputException when {@code top} is below 1
   */
  public static FieldFacet of(FieldCounts counts, int top) {
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
    for (Count count : first) {
      sum -= count.count();
    }
    return new FieldFacet(
        counts.field(),
        counts.records(),
        first,
        all.size() - first.size(),
        sum,
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
