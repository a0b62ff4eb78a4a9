package io.slab.model;

import java.util.List;

/**
 * One metadata value: a string, a 64-bit float, a boolean or a list of strings.
 *
 * <p>What a command runs from its start asks for the kinds one by one: each {@code switch} over
 * types is a class that the virtual machine makes at run time, and the first one costs more than a
 * short command does.
 */
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
    if (value instanceof Num(double number)) {
      return Double.isFinite(number);
    }
    if (value instanceof Str(String text)) {
      return fits(text);
    }
    boolean all = true;
    if (value instanceof StrList(List<String> texts)) {
      for (String text : texts) {
        all &= fits(text);
      }
    }
    return all;
  }

  /** True for a text that a column can hold, as every text of metadata that keep their limit. */
  private static boolean fits(String text) {
    return text.length() <= Limits.MAX_METADATA_BYTES / 3
        || Utf8.bytes(text).length <= Limits.MAX_METADATA_BYTES;
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
