package io.slab.query;

import io.slab.error.InvalidInputException;
import java.util.Locale;

/** By what a question is answered in an index with a text index. */
public enum QueryMode {
  /** The vectors alone. */
  DENSE,
  /** The words alone. */
  TEXT,
  /** Both: two searches whose ranks are put together. */
  HYBRID;

  /** As the command line has it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The mode of a word.
   *
   * @throws InvalidInputException for another one
   */
  public static QueryMode of(String label) {
    for (QueryMode mode : values()) {
      if (mode.label().equals(label)) {
        return mode;
      }
    }
    throw new InvalidInputException(
        "there is no mode '" + label + "'", "the modes are dense, text and hybrid");
  }
}
