package io.slab.source;

/**
 * How parts are read.
 *
 * @param threads most threads that work at once on one part, the caller's included; 1 for no
 *     helpers
 * @param nested what becomes of a metadata value that no index can hold
 * @param keepMarkers true to keep the marks that export programs leave in the metadata
 */
public record ReadOptions(int threads, Nested nested, boolean keepMarkers) {
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

  /** One thread, nested values refused, marks left out. */
  public static ReadOptions defaults() {
    return new ReadOptions(1, Nested.REFUSE, false);
  }

  public ReadOptions withThreads(int count) {
    return new ReadOptions(count, nested, keepMarkers);
  }

  public ReadOptions withNested(Nested rule) {
    return new ReadOptions(threads, rule, keepMarkers);
  }

  public ReadOptions keepingMarkers() {
    return new ReadOptions(threads, nested, true);
  }
}
