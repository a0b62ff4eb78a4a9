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

  /** A map that none but a {@link Builder} has, which need not be copied. */
  private static final class Owned extends TreeMap<String, MetaValue> {
    private static final long serialVersionUID = 1;

    Owned() {
      super(Utf8.ORDER);
    }
  }

  /** Makes metadata field by field. One thread only; of no use after {@link #build}. */
  public static final class Builder {
    private Owned fields = new Owned();

    /** Begins without a field. */
    public Builder() {}

    /** Adds a field, or gives it another value. */
    public Builder put(String name, MetaValue value) {
      fields.put(name, value);
      return this;
    }

    public Metadata build() {
      Owned built = fields;
      fields = null;
      return built.isEmpty() ? EMPTY : new Metadata(built);
    }
  }

  public Metadata {
    if (fields.isEmpty()) {
      fields = Collections.emptySortedMap();
    } else if (fields instanceof Owned) {
      fields = Collections.unmodifiableSortedMap(fields);
    } else {
      SortedMap<String, MetaValue> copy = new TreeMap<>(Utf8.ORDER);
      copy.putAll(fields);
      fields = Collections.unmodifiableSortedMap(copy);
    }
  }

  /** Builds metadata from any map. */
  public static Metadata of(Map<String, MetaValue> fields) {
    if (fields.isEmpty()) {
      return EMPTY;
    }
    Owned sorted = new Owned();
    sorted.putAll(fields);
    return new Metadata(sorted);
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
    Owned merged = new Owned();
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
