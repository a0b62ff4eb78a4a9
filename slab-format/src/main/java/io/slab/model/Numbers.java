package io.slab.model;

/**
 * How floats are written as text everywhere: the shortest decimal that reads back as the very same
 * bits, and whole numbers without a fraction where nothing is lost by it (2020, not 2020.0; but
 * -0.0, whose sign would be lost).
 */
public final class Numbers {
  /** Below these every whole number is exact, so its digits alone name it. */
  private static final double WHOLE_DOUBLES = 1L << 53;

  private static final float WHOLE_FLOATS = 1 << 24;

  private Numbers() {}

  /** Text of a 64-bit float; "NaN", "Infinity" and "-Infinity" are not JSON. */
  public static String text(double value) {
    if (Math.abs(value) < WHOLE_DOUBLES && value == (long) value && !isNegativeZero(value)) {
      return Long.toString((long) value);
    }
    return Double.toString(value);
  }

  /**
   * Text of a 32-bit float: it reads back as the same float, not necessarily as the same double.
   */
  public static String text(float value) {
    if (Math.abs(value) < WHOLE_FLOATS && value == (int) value && !isNegativeZero(value)) {
      return Integer.toString((int) value);
    }
    return Float.toString(value);
  }

  private static boolean isNegativeZero(double value) {
    return value == 0 && Double.doubleToRawLongBits(value) != 0;
  }
}
