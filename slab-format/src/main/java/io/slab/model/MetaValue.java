package io.slab.model;

import java.util.List;

/** One metadata value: a string, a 64-bit float, a boolean or a list of strings. */
public sealed interface MetaValue {
  /** A string. */
  record Str(String value) implements MetaValue {}

  /**
   * A finite 64-bit float; -0.0 is kept as it is here and equals 0.0 in filters. An older writer
   * may have let in one that is not finite.
   */
  record Num(double value) implements MetaValue {}

  /**
   * True for a value that filters look at. For them a record lacks the field of any other one
   * (spec/semantics.md, "Records of older writers").
   */
  static boolean counts(MetaValue value) {
    return !(value instanceof Num(double number)) || Double.isFinite(number);
  }

  /** A boolean. */
  record Bool(boolean value) implements MetaValue {}

  /** A list of strings in its original order, possibly empty, possibly with repeats. */
  record StrList(List<String> values) implements MetaValue {
    public StrList {
      values = List.copyOf(values);
    }
  }
}
