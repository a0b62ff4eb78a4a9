package io.slab.model;

/**
 * Limits on records and requests (spec/semantics.md, "Limits"); a test compares them with the
 * spec's table.
 */
public final class Limits {
  public static final int MAX_DIMENSION = 20_000;

  /** Longest record id in UTF-8 bytes; ids hold at least one byte and no NUL. */
  public static final int MAX_ID_BYTES = 512;

  /** Most non-zero entries of one sparse vector. */
  public static final int MAX_SPARSE_ENTRIES = 2_048;

  /** Most bytes of one record's metadata as compact JSON. */
  public static final int MAX_METADATA_BYTES = 40_960;

  public static final int MAX_BATCH_RECORDS = 1_000;
  public static final int MAX_BATCH_BYTES = 2_000_000;
  public static final int MAX_MEMTABLE_RECORDS = 10_000;

  /** Most records that one update by filter changes. */
  public static final int MAX_FILTER_UPDATES = 100_000;

  public static final int MAX_TOP_K = 10_000;

  /** Most values of one {@code $in} or {@code $nin}. */
  public static final int MAX_IN_VALUES = 10_000;

  /** Most levels of nested arrays and objects in the JSON of a filter. */
  public static final int MAX_FILTER_DEPTH = 100;

  /** Longest namespace name in UTF-8 bytes. */
  public static final int MAX_NAMESPACE_BYTES = 512;

  /** The namespace meant when none is named; the empty name means it too. */
  public static final String DEFAULT_NAMESPACE = "__default__";

  private Limits() {}
}
