package io.slab.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The metadata of one record: field names in unsigned UTF-8 byte order with their values. Immutable
 * and safe to share.
 */
public record Metadata(SortedMap<String, MetaValue> fields) {
  /** No fields at all. */
  public static final Metadata EMPTY = new Metadata(Collections.emptySortedMap());

  public Metadata {
    fields = fields.isEmpty() ? Collections.emptySortedMap() : SortedFields.of(fields);
  }

  /** Builds metadata from any map. */
  public static Metadata of(Map<String, MetaValue> fields) {
    if (fields.isEmpty()) {
      return EMPTY;
    }
    return new Metadata(SortedFields.of(fields));
  }

  /**
   * Builds metadata from fields in any order, quickest in that of the bytes of their names; of two
   * of one name the later counts.
   *
   * @param names not to be changed afterwards
   * @param values of each name its value; not to be changed afterwards
   */
  public static Metadata of(String[] names, MetaValue[] values) {
    return names.length == 0 ? EMPTY : new Metadata(SortedFields.of(names, values));
  }

  public boolean isEmpty() {
    return fields.isEmpty();
  }

  /** The value of a field, or null when the record lacks it. */
  public MetaValue get(String field) {
    return fields.get(field);
  }

  /**
   * This metadata with every field of {@code changes} added or overwritten; no field is removed.
   */
  public Metadata merge(Metadata changes) {
    if (changes.isEmpty()) {
      return this;
    }
    SortedMap<String, MetaValue> merged = new TreeMap<>(Utf8.ORDER);
    merged.putAll(fields);
    merged.putAll(changes.fields);
    return new Metadata(merged);
  }

  /** This metadata with a field more, or another value of a field. */
  public Metadata with(String field, String value) {
    return with(field, new MetaValue.Str(value));
  }

  /** This metadata with a field more, or another value of a field; the number is finite. */
  public Metadata with(String field, double value) {
    return with(field, new MetaValue.Num(value));
  }

  /** This metadata with a field more, or another value of a field. */
  public Metadata with(String field, boolean value) {
    return with(field, new MetaValue.Bool(value));
  }

  /** This metadata with a field more, or another value of a field. */
  public Metadata with(String field, List<String> value) {
    return with(field, new MetaValue.StrList(value));
  }

  private Metadata with(String field, MetaValue value) {
    return merge(of(Map.of(field, value)));
  }
}
