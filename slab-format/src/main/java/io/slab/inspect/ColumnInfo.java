package io.slab.inspect;

import io.slab.model.MetaValue;
import java.util.List;

/**
 * One metadata column of a slab.
 *
 * @param column its id
 * @param field the field it belongs to
 * @param type "string", "number", "boolean" or "list"
 * @param rows rows with a value of that type
 * @param distinct different values (elements, for a list)
 * @param bytes bytes of all its sections
 * @param top the most frequent values, most frequent first, ties in the order of values
 * @param numbers rows by their value, where values are numbers; null elsewhere
 */
public record ColumnInfo(
    int column,
    String field,
    String type,
    long rows,
    long distinct,
    long bytes,
    List<Count> top,
    Histogram numbers) {
  public ColumnInfo {
    top = List.copyOf(top);
  }

  /** A value and the number of rows that have it. */
  public record Count(MetaValue value, long rows) {}
}
