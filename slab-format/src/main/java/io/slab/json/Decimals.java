package io.slab.json;

/**
 * Doubles of decimal numbers without an exponent, as manifests are full of: exactly what {@link
 * Double#parseDouble} makes of them, in a tenth of its work. A process that answers one question
 * reads thousands of them before any of it is compiled.
 */
final class Decimals {
  /** Most digits that certainly fit a long. */
  private static final int MOST_DIGITS = 18;

  /** How far off a quotient may be at most, as a part of it; far more than the error there is. */
  private static final double DOUBT = 0x1p-80;

  /** Powers of ten up to the number of digits, all of which doubles hold exactly. */
  private static final double[] POWERS = powers();

  private Decimals() {}

  private static double[] powers() {
    double[] powers = new double[MOST_DIGITS + 1];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = 10 * powers[i - 1];
    }
    return powers;
  }

  /**
   * The double nearest to a number of the form {@code -12.345}.
   *
   * @param text in which it is a number by the rules of JSON
   */
  static double parse(String text, int start, int end) {
    boolean isNegative = text.charAt(start) == '-';
    long digits = 0;
    int count = 0;
    int fraction = -1;
    for (int i = isNegative ? start + 1 : start; i < end; i++) {
      char c = text.charAt(i);
      if (c == '.') {
        fraction = count;
      } else if (c < '0' || c > '9' || ++count > MOST_DIGITS) {
        return Double.parseDouble(text.substring(start, end));
      } else {
        digits = 10 * digits + (c - '0');
      }
    }
    double value = quotient(digits, POWERS[fraction < 0 ? 0 : count - fraction]);
    if (Double.isNaN(value)) {
      return Double.parseDouble(text.substring(start, end));
    }
    return isNegative ? -value : value;
  }

  /**
   * The double nearest to a quotient; NaN where it lies so near the middle of two doubles that this
   * cannot tell which one is nearer.
   */
  private static double quotient(long digits, double power) {
    double whole = digits;
    double first = whole / power;
    // What the division leaves, which is exact, and what the whole number lost as a double.
    double rest = Math.fma(-first, power, whole) + (digits - (long) whole);
    double more = rest / power;
    double doubt = first * DOUBT;
    double low = first + (more - doubt);
    return low == first + (more + doubt) ? low : Double.NaN;
  }
}
