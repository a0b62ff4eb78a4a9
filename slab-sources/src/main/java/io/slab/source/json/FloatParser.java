package io.slab.source.json;

import io.slab.source.Rounding;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON numbers out of a byte buffer, correctly rounded: {@link #floatValue()} equals {@link
 * Float#parseFloat} of the same text and {@link #doubleValue()} equals {@link Double#parseDouble},
 * for every text that the JSON grammar allows. Nothing is allocated unless a number needs the slow
 * path. One thread only.
 *
 * <p>The fast path takes up to 19 significant digits as an integer w and computes w * 10^e in
 * double. That product is within {@link #MARGIN} units in the last place of the true value, so
 * narrowing it to float can only go wrong where a point halfway between two floats lies within the
 * margin. Those numbers (one in millions), and the ones that are subnormal as floats, go to {@link
 * Float#parseFloat}.
 */
public final class FloatParser {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Largest |e| for which 10^e is exact in double. */
  private static final int EXACT_POWER = 22;

  /** Largest |e| of the fast path; floats need far less. */
  private static final int MAX_POWER = 60;

  /** Most digits that w may have: 10^19 is below 2^64, so its overflow shows as a negative sign. */
  private static final int MAX_DIGITS = 19;

  /**
   * Bound, in units of the double's last place, on the error of the fast path: w to double, the
   * power and the product are each off by at most 2^-53 of the value, digits cut off by 10^-17 of
   * it, and a unit is at least 2^-53 of it, so the sum stays below 4.
   */
  private static final long MARGIN = 8;

  /** The bits that a double has and a normal float has not, and their value at a float midpoint. */
  private static final long TAIL_MASK = (1L << 29) - 1;

  private static final long MIDPOINT = 1L << 28;

  /** An exponent this large leaves no doubt; more digits of it are only skipped. */
  private static final int EXPONENT_LIMIT = 100_000_000;

  private static final double[] POWERS = powers();

  private byte[] buffer;
  private int start;
  private int end;
  private boolean negative;
  private long digits;
  private int exponent;

  /** True when non-zero digits were cut off, so that {@link #digits} is a little low. */
  private boolean cut;

  /** True when a number since the last {@link #watch} is another one as a float. */
  private boolean rounded;

  private static double[] powers() {
    double[] powers = new double[MAX_POWER + 1];
    for (int i = 0; i <= MAX_POWER; i++) {
      powers[i] = Double.parseDouble("1e" + i);
    }
    return powers;
  }

  /**
   * Reads the number that begins at {@code from}. The number ends at the first byte that cannot
   * continue it, which the caller judges.
   *
   * @param limit end of the readable bytes, at most {@code bytes.length}
   * @return the offset after the number, or, when there is none, {@code -1 - at} with {@code at}
   *     the offset of the byte that breaks the grammar (or {@code limit})
   */
  public int parse(byte[] bytes, int from, int limit) {
    int p = from;
    boolean minus = p < limit && bytes[p] == '-';
    if (minus) {
      p++;
    }
    int wholeStart = p;
    long w = 0;
    int c;
    while (p < limit && (c = bytes[p] - '0') >= 0 && c <= 9) {
      w = w * 10 + c;
      p++;
    }
    int count = p - wholeStart;
    if (count == 0 || (count > 1 && bytes[wholeStart] == '0')) {
      return -1 - (count == 0 ? p : wholeStart + 1);
    }
    if (count == 1 && w == 0) {
      count = 0;
    }
    int scale = 0;
    if (p < limit && bytes[p] == '.') {
      int fractionStart = ++p;
      if (limit - p >= 8) {
        long eight = (long) LONG.get(bytes, p);
        if (areDigits(eight)) {
          w = w * 100_000_000 + digitsOf(eight);
          p += 8;
        }
      }
      while (p < limit && (c = bytes[p] - '0') >= 0 && c <= 9) {
        w = w * 10 + c;
        p++;
      }
      scale = p - fractionStart;
      if (scale == 0) {
        return -1 - p;
      }
      count += scale;
    }
    int mantissaEnd = p;
    int e = -scale;
    if (p < limit && (bytes[p] | 0x20) == 'e') {
      p = exponentEnd(bytes, p + 1, limit);
      if (p < 0) {
        return p;
      }
      e += exponentValue(bytes, mantissaEnd + 1, p);
    }
    buffer = bytes;
    start = from;
    end = p;
    negative = minus;
    digits = w;
    exponent = e;
    cut = false;
    if (count > MAX_DIGITS || w < 0) {
      recount(wholeStart, mantissaEnd);
    }
    return p;
  }

  /** Checks the grammar of an exponent after its {@code e}; returns its end or {@code -1 - at}. */
  private static int exponentEnd(byte[] bytes, int from, int limit) {
    int p = from;
    if (p < limit && (bytes[p] == '+' || bytes[p] == '-')) {
      p++;
    }
    int first = p;
    while (p < limit && bytes[p] >= '0' && bytes[p] <= '9') {
      p++;
    }
    return p == first ? -1 - p : p;
  }

  private static int exponentValue(byte[] bytes, int from, int to) {
    int value = 0;
    for (int p = from; p < to; p++) {
      if (bytes[p] >= '0' && value < EXPONENT_LIMIT) {
        value = value * 10 + bytes[p] - '0';
      }
    }
    return bytes[from] == '-' ? -value : value;
  }

  /**
   * Takes the first 18 significant digits of a mantissa that has too many for the quick loop; 18
   * always fit a signed long.
   */
  private void recount(int from, int to) {
    long w = 0;
    int taken = 0;
    for (int p = from; p < to; p++) {
      int c = buffer[p] - '0';
      if (buffer[p] == '.') {
        continue;
      }
      if (taken < MAX_DIGITS - 1) {
        w = w * 10 + c;
        taken += w == 0 ? 0 : 1;
      } else {
        cut |= c != 0;
        exponent++;
      }
    }
    digits = w;
  }

  /** The last number as the nearest float (ties to even); infinite when it is too large. */
  public float floatValue() {
    if (digits == 0) {
      return negative ? -0.0f : 0.0f;
    }
    int e = exponent;
    if (e >= -MAX_POWER && e <= MAX_POWER) {
      double near = e < 0 ? digits / POWERS[-e] : digits * POWERS[e];
      long tail = Double.doubleToRawLongBits(near) & TAIL_MASK;
      if (Math.abs(tail - MIDPOINT) > MARGIN && near >= Float.MIN_NORMAL) {
        return (float) (negative ? -near : near);
      }
    }
    float value = Float.parseFloat(text());
    rounded |= value == 0;
    return value;
  }

  /** Forgets what {@link #rounded} says of the numbers so far. */
  public void watch() {
    rounded = false;
  }

  /**
   * True when a number since the last {@link #watch} became another one as a float: one that is not
   * zero became zero, or {@link #look} found so.
   */
  public boolean rounded() {
    return rounded;
  }

  /**
   * Looks whether the last number, which is large, became another one. Below {@link
   * Rounding#WHOLE_FLOATS} no whole number does, so that no caller need look there.
   *
   * @param value what {@link #floatValue} gave
   */
  public void look(float value) {
    float size = Math.abs(value);
    boolean same = exponent == 0 && !cut && size < 0x1p63f && (long) size == digits;
    rounded |= !same && Rounding.isRounded(text(), value);
  }

  /** The last number as the nearest double (ties to even); infinite when it is too large. */
  public double doubleValue() {
    if (digits == 0) {
      return negative ? -0.0 : 0.0;
    }
    if (!cut && digits <= 1L << 53 && exponent >= -EXACT_POWER && exponent <= EXACT_POWER) {
      double value = exponent < 0 ? digits / POWERS[-exponent] : digits * POWERS[exponent];
      return negative ? -value : value;
    }
    return Double.parseDouble(text());
  }

  /** The last number's text. */
  public String text() {
    return new String(buffer, start, end - start, StandardCharsets.ISO_8859_1);
  }

  private static boolean areDigits(long eight) {
    long high = 0xF0F0F0F0F0F0F0F0L;
    return ((eight & high) | (((eight + 0x0606060606060606L) & high) >>> 4)) == 0x3333333333333333L;
  }

  /** The value of eight ASCII digits, first digit in the lowest byte. */
  private static int digitsOf(long eight) {
    long v = eight - 0x3030303030303030L;
    v = v * 10 + (v >>> 8);
    long even = (v & 0x000000FF000000FFL) * 0x000F424000000064L;
    long odd = ((v >>> 16) & 0x000000FF000000FFL) * 0x0000271000000001L;
    return (int) ((even + odd) >>> 32);
  }
}
