package io.slab.filter;

import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How many records have which value of one field. What counts as a value is what a filter of
 * equality would find: a list counts once for each of its strings, and -0.0 is 0.0. Holds each
 * value once. One thread only.
 */
public final class FieldCounts {
  private final String field;
  private final Map<MetaValue, long[]> counts = new HashMap<>();
  private long records;
  private long missing;
  private long empty;

  public FieldCounts(String field) {
    this.field = field;
  }

  public String field() {
    return field;
  }

  /** Counts one record by its metadata. */
  public void add(Metadata metadata) {
    records++;
    MetaValue value = metadata.get(field);
    if (value == null || !MetaValue.counts(value)) {
      missing++;
    } else if (value instanceof MetaValue.StrList(List<String> elements)) {
      Set<String> distinct = new LinkedHashSet<>(elements);
      distinct.forEach(element -> add(new MetaValue.Str(element), 1));
      empty += distinct.isEmpty() ? 1 : 0;
    } else if (value instanceof MetaValue.Num(double number)) {
      add(new MetaValue.Num(number + 0.0), 1);
    } else {
      add(value, 1);
    }
  }

  /**
   * Counts a value of records that {@link #addRecords} counts.
   *
   * @param value a string, a number that is not -0.0, or a boolean
   */
  public void add(MetaValue value, long count) {
    counts.computeIfAbsent(value, v -> new long[1])[0] += count;
  }

  /**
   * Counts records whose values {@link #add(MetaValue, long)} counts.
   *
   * @param without how many of them lack the field
   */
  public void addRecords(long all, long without) {
    records += all;
    missing += without;
  }

  /** Counts lists without an element among records that were counted. */
  public void addEmpty(long lists) {
    empty += lists;
  }

  /** Adds what other records were counted to have. */
  public void addAll(FieldCounts other) {
    other.counts.forEach((value, count) -> add(value, count[0]));
    addRecords(other.records, other.missing);
    addEmpty(other.empty);
  }

  /** Records that have each value, at least one; not to be changed. */
  public Map<MetaValue, long[]> values() {
    return counts;
  }

  /** All records that were counted. */
  public long records() {
    return records;
  }

  /** Those that lack the field. */
  public long missing() {
    return missing;
  }

  /** Those whose value is a list without elements. */
  public long empty() {
    return empty;
  }
}
