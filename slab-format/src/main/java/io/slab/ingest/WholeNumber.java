package io.slab.ingest;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Whole numbers in JSON text. */
public final class WholeNumber {
  /** With no more characters than this they are exact as 64-bit floats. */
  private static final int EXACT_DIGITS = 15;

  private WholeNumber() {}

  /** True when {@code text[from, to)} is a whole number and {@code value} another one. */
  public static boolean isRounded(byte[] text, int from, int to, double value) {
    if (to - from <= EXACT_DIGITS) {
      return false;
    }
    for (int p = from; p < to; p++) {
      if (text[p] != '-' && (text[p] < '0' || text[p] > '9')) {
        return false;
      }
    }
    String digits = new String(text, from, to - from, StandardCharsets.ISO_8859_1);
    return new BigDecimal(value).compareTo(new BigDecimal(digits)) != 0;
  }
}
