package io.slab;

import io.slab.model.MetaValue;
import io.slab.query.FieldFacet;
import java.util.List;

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

  static Facet of(FieldFacet facet) {
    return new Facet(
        facet.field(),
        facet.records(),
        facet.values().stream().map(count -> new Count(count.value(), count.count())).toList(),
        facet.otherValues(),
        facet.otherCount(),
        facet.missing(),
        facet.empty());
  }
}
