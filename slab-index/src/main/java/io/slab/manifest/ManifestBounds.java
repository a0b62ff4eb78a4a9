package io.slab.manifest;

import io.slab.filter.FieldBounds;
import io.slab.model.Utf8;
import java.util.List;

/**
 * The column statistics of one slab in a manifest as bounds. A slab without any statistics may hold
 * anything; in one with statistics a field that they leave out occurs in no row. A bound that is
 * not there excludes nothing. Immutable.
 */
final class ManifestBounds implements FieldBounds {
  private final long rows;
  private final boolean unknown;
  private final List<ColumnStatistics> all;

  ManifestBounds(long rows, List<ColumnStatistics> columns) {
    this.rows = rows;
    this.unknown = columns.isEmpty();
    this.all = columns;
  }

  @Override
  public long rows() {
    return rows;
  }

  /** Looked for one by one: they are few, and most bounds are asked about a field or two. */
  private List<ColumnStatistics> columns(String field) {
    return all.stream().filter(column -> column.field().equals(field)).toList();
  }

  @Override
  public boolean mayHave(String field) {
    return unknown || !columns(field).isEmpty();
  }

  @Override
  public boolean allHave(String field) {
    // A row has one value of a field, so the rows of its types add up.
    return columns(field).stream().mapToLong(ColumnStatistics::rows).sum() == rows;
  }

  @Override
  public boolean mayEqual(String field, String value) {
    if (unknown) {
      return true;
    }
    for (ColumnStatistics column : columns(field)) {
      boolean texts =
          column.type().equals(ColumnStatistics.STRING)
              || column.type().equals(ColumnStatistics.LIST);
      if (texts && !below(value, column.min()) && !below(column.max(), value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean below(Object a, Object b) {
    return a instanceof String first
        && b instanceof String second
        && Utf8.compare(first, second) < 0;
  }

  @Override
  public boolean mayEqual(String field, boolean value) {
    return unknown || has(field, ColumnStatistics.BOOLEAN);
  }

  private boolean has(String field, String type) {
    return columns(field).stream().anyMatch(column -> column.type().equals(type));
  }

  @Override
  public boolean mayBeWithin(String field, double low, double high) {
    if (unknown) {
      return true;
    }
    for (ColumnStatistics column : columns(field)) {
      boolean excluded =
          (column.min() instanceof Double min && high < min)
              || (column.max() instanceof Double max && low > max);
      if (column.type().equals(ColumnStatistics.NUMBER) && !excluded) {
        return true;
      }
    }
    return false;
  }
}
