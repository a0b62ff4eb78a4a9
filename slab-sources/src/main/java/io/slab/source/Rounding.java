package io.slab.source;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Tells whether a number of a source is still the same as a 64-bit or a 32-bit float. */
public final class Rounding {
  /** Whole numbers of no more characters are exact as 64-bit floats. */
  private static final int EXACT_DIGITS = 15;

  /** Programs print 64-bit floats with so many digits at most, so that they come back. */
  private static final int PRINTED_DIGITS = 17;

  /** Whole numbers below it are 32-bit floats. */
  public static final float WHOLE_FLOATS = 0x1p24f;

  /** No number that a user means in a vector has more characters. */
  private static final int LONGEST = 1_000;

  private Rounding() {}

  /**
   * True when a JSON number of a vector is another one as a 32-bit float: a whole number that none
   * is, or one that is not zero and becomes zero. A tenth is none either, but everybody reads the
   * same float out of it. So it is with a number with an exponent, as 1e11, that is the shortest
   * text of its float.
   *
   * @param nearest the float that it becomes, finite
   */
  public static boolean isRounded(String text, float nearest) {
    if (Float.isInfinite(nearest)) {
      return true;
    }
    if (nearest == 0) {
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      return hasDigits(bytes, 0, bytes.length);
    }
    if (Math.abs(nearest) < WHOLE_FLOATS) {
      return false;
    }
    if (text.length() > LONGEST) {
      return true;
    }
    BigDecimal exact = new BigDecimal(text);
    if (exact.stripTrailingZeros().scale() > 0 || new BigDecimal(nearest).compareTo(exact) == 0) {
      return false;
    }
    boolean exponent = text.indexOf('e') >= 0 || text.indexOf('E') >= 0;
    return !exponent || new BigDecimal(Float.toString(nearest)).compareTo(exact) != 0;
  }

  /**
   * The same of a 64-bit float, wherever it comes from: as of the text that programs print of it.
   *
   * @param nearest the float that it becomes
   */
  public static boolean isRounded(double exact, float nearest) {
    if (nearest == exact || Double.isNaN(exact) || Math.abs(nearest) < WHOLE_FLOATS) {
      return nearest == 0 && exact != 0;
    }
    return Double.isInfinite(exact) || isRounded(Double.toString(exact), nearest);
  }

  /** True when a number has a digit other than zero before its exponent. */
  private static boolean hasDigits(byte[] text, int from, int to) {
    for (int p = from; p < to && (text[p] | 0x20) != 'e'; p++) {
      if (text[p] >= '1' && text[p] <= '9') {
        return true;
      }
    }
    return false;
  }

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
    if (nearest == 0) {
      return hasDigits(text, from, to) ? Note.Kind.INEXACT_DECIMAL : null;
    }
    if (to - from <= EXACT_DIGITS) {
      return null;
    }
    boolean whole = true;
    boolean fraction = false;
    int digits = 0;
    for (int p = from; p < to && (text[p] | 0x20) != 'e'; p++) {
      boolean digit = text[p] >= '0' && text[p] <= '9';
      // What Python prints for a whole number ends in ".0".
      whole &= fraction ? text[p] == '0' : digit || text[p] == '-' || text[p] == '.';
      fraction |= text[p] == '.';
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
