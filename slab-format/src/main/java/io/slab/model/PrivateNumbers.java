package io.slab.model;

import java.util.Collection;

/**
 * Numbers and names that no version of the format gives a meaning (spec/registry.md): programs may
 * use them for what only they read. A reader treats them like all others that it does not know;
 * only its advice differs, for no newer version will know them.
 */
public final class PrivateNumbers {
  /** Kinds of sections from here on. */
  public static final int KIND = 0x8000;

  /** Encodings of a section from here on. */
  public static final int ENCODING = 0x8000;

  /** Codecs from here on. */
  public static final int CODEC = 0x80;

  /** Quantizers from here on. */
  public static final int QUANTIZER = 0x80;

  /** Kinds of range tombstones from here on. */
  public static final int RANGE_KIND = 0x80;

  /** Operations of the log that have this bit. */
  public static final int OP_BIT = 0x40;

  /** Required and optional feature bits from this one on, counted from 0. */
  public static final int FEATURE_BIT = 48;

  /** How names begin. */
  public static final String NAME = "x-";

  private static final String HINT =
      "this number or name is a private one, which no version of slab knows: read the data with "
          + "the program that wrote it";

  private PrivateNumbers() {}

  /** What to do about something unknown; null for the usual advice. */
  public static String hint(boolean isPrivate) {
    return isPrivate ? HINT : null;
  }

  /** Who knows something unknown, as the end of a sentence about it. */
  public static String knownBy(boolean isPrivate) {
    return isPrivate
        ? ", a private one: the program that wrote it knows it"
        : ": a newer version is needed";
  }

  /** {@link #hint(boolean)} for a name. */
  public static String hint(String name) {
    return hint(name.startsWith(NAME));
  }

  /**
   * The same for several names, of which one that a newer version may know is enough to look for
   * it.
   */
  public static String hint(Collection<String> names) {
    return hint(names.stream().allMatch(name -> name.startsWith(NAME)));
  }
}
