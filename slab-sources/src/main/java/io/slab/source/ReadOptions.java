package io.slab.source;

import io.slab.model.IndexSpec;

/**
 * How parts are read.
 *
 * @param threads most threads that work at once on one part, the caller's included; 1 for no
 *     helpers
 * @param nulls what becomes of nulls in metadata
 * @param nested what becomes of a metadata value that no index can hold
 * @param keepMarkers true to keep the marks that export programs leave in the metadata
 * @param spec the index that the records are for, or null: where a reader parses on helpers it can
 *     compare the records with it there, see {@link RecordReader#checked}
 */
public record ReadOptions(
    int threads, Nulls nulls, Nested nested, boolean keepMarkers, IndexSpec spec) {
  /**
   * What becomes of a metadata field that is null or NaN in JSON, and of a null in a list of
   * strings. A column of a table that is null is an absent field under either.
   */
  public enum Nulls {
    /** The record is refused. */
    REFUSE,
    /** The field or the element is left out, which is noted. */
    DROP
  }

  /** What becomes of nested objects, lists of numbers and mixed lists in metadata. */
  public enum Nested {
    /** The record is refused. */
    REFUSE,
    /** The value's compact JSON text is stored. */
    TEXT,
    /** The value is left out. */
    DROP
  }

  public ReadOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads " + threads);
    }
  }

  /** One thread, nulls and nested values refused, marks left out, compared with no index. */
  public static ReadOptions defaults() {
    return new ReadOptions(1, Nulls.REFUSE, Nested.REFUSE, false, null);
  }

  public ReadOptions withThreads(int count) {
    return new ReadOptions(count, nulls, nested, keepMarkers, spec);
  }

  public ReadOptions withNulls(Nulls rule) {
    return new ReadOptions(threads, rule, nested, keepMarkers, spec);
  }

  public ReadOptions withNested(Nested rule) {
    return new ReadOptions(threads, nulls, rule, keepMarkers, spec);
  }

  public ReadOptions keepingMarkers() {
    return new ReadOptions(threads, nulls, nested, true, spec);
  }

  /** For the records of one index; null for lines that are parts of records only. */
  public ReadOptions forIndex(IndexSpec index) {
    return new ReadOptions(threads, nulls, nested, keepMarkers, index);
  }
}
