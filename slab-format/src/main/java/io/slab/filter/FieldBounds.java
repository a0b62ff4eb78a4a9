package io.slab.filter;

/**
 * What is known of the fields of a set of rows without looking at them. Every answer may claim too
 * much and never too little: false means that no row has such a value. Thread-safe.
 */
public interface FieldBounds {
  /** Rows in the set. */
  long rows();

  /** False when no row has the field. */
  boolean mayHave(String field);

  /** True when it is known that every row has the field. */
  boolean allHave(String field);

  /** False when no row has the string, as its value or as an element of its list. */
  boolean mayEqual(String field, String value);

  /** False when no row has the boolean. */
  boolean mayEqual(String field, boolean value);

  /** False when no row has a number from {@code low} to {@code high}, both included. */
  boolean mayBeWithin(String field, double low, double high);
}
