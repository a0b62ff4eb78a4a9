package io.slab.model;

import java.util.List;

/** One metadata value: a string, a 64-bit float, a boolean or a list of strings. */
public sealed interface MetaValue {
  /** A string. */
  record Str(String value) implements MetaValue {}

  /** A finite 64-bit float; -0.0 is kept as it is here and equals 0.0 in filters. */
  record Num(double value) implements MetaValue {}

  /** A boolean. */
  record Bool(boolean value) implements MetaValue {}

  /** A list of strings in its original order, possibly empty, possibly with repeats. */
  record StrList(List<String> values) implements MetaValue {
    public StrList {
      values = List.copyOf(values);
    }
  }
}
