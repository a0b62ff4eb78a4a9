package io.slab.source.json;

/**
 * How records stand in a JSON text. A text may hold any number of such values one after another.
 */
public enum JsonLayout {
  /** As they are, or in lists. */
  RECORDS,
  /** In objects that hold a list of them, or an object of them by id, beside other things. */
  ENVELOPES,
  /** In an object with a list of them, or an object of them by id, for each namespace. */
  NAMESPACES,
  /** One object that holds records under their ids. */
  BY_ID,
  /** One object whose member {@code namespaces} is one of {@link #NAMESPACES}. */
  WRAPPED
}
