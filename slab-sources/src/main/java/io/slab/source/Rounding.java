package io.slab.source;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Tells whether a number of a source is still the same as a 64-bit float. */
public final class Rounding {
  /** Whole numbers of no more characters are exact as 64-bit floats. */
  private static final int EXACT_DIGITS = 15;

  /** Programs print 64-bit floats with so many digits at most, so that they come back. */
  private static final int PRINTED_DIGITS = 17;

  private Rounding() {}

  /**
   * What becomes of a number that is stored as {@code nearest}; null when nothing does. A tenth is
   * no 64-bit float either, but its text is that of one.
   */
  public static Note.Kind of(BigDecimal exact, double nearest) {
    if (new BigDecimal(nearest).compareTo(exact) == 0
        || new BigDecimal(Double.toString(nearest)).compareTo(exact) == 0) {
      return null;
    }
    boolean whole = exact.stripTrailingZeros().scale() <= 0;
    return whole ? Note.Kind.INEXACT_INTEGER : Note.Kind.INEXACT_DECIMAL;
  }

  /**
   * As {@link #of}, for the JSON number {@code text[from, to)}, which any program may have printed.
   */
  public static Note.Kind ofText(byte[] text, int from, int to, double nearest) {
    if (to - from <= EXACT_DIGITS) {
      return null;
    }
    boolean whole = true;
    int digits = 0;
    for (int p = from; p < to && (text[p] | 0x20) != 'e'; p++) {
      boolean digit = text[p] >= '0' && text[p] <= '9';
      whole &= digit || text[p] == '-';
      digits += digit && (digits > 0 || text[p] != '0') ? 1 : 0;
    }
    for (int p = from; p < to; p++) {
      whole &= (text[p] | 0x20) != 'e';
    }
    if (!whole && digits <= PRINTED_DIGITS) {
      return null;
    }
    BigDecimal exact = new BigDecimal(new String(text, from, to - from, StandardCharsets.US_ASCII));
    if (whole) {
      // A whole number is a count or an id: there the nearest is not good enough.
      return new BigDecimal(nearest).compareTo(exact) == 0 ? null : Note.Kind.INEXACT_INTEGER;
    }
    return of(exact, nearest);
  }
}
