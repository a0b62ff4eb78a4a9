package io.slab.cli.input;

import io.slab.error.InvalidInputException;
import java.util.Arrays;

/**
 * Reads a JSON array of numbers straight into 32-bit floats. Going through 64-bit floats would
 * round twice and, rarely, end one bit off; going through a tree would cost a short command most of
 * its time.
 */
public final class FloatText {
  private final String what;
  private final String text;
  private int at;

  private FloatText(String what, String text) {
    this.what = what;
    this.text = text;
  }

  /**
   * Parses an array.
   *
   * @param what the option, for errors
   */
  public static float[] parse(String what, String text) {
    return new FloatText(what, text).array();
  }

  /** True unless a text begins as something else than an array of numbers; then this reads it. */
  public static boolean isArray(String text) {
    FloatText start = new FloatText("", text);
    char first = start.peek();
    if (first != '[') {
      return first != '{';
    }
    start.at++;
    char second = start.peek();
    return second != '[' && second != '{' && second != '"';
  }

  private float[] array() {
    float[] values = new float[64];
    int count = 0;
    expect('[');
    if (peek() != ']') {
      do {
        if (count == values.length) {
          values = Arrays.copyOf(values, count * 2);
        }
        values[count++] = number();
      } while (accept(','));
    }
    expect(']');
    if (peek() != 0) {
      throw problem("something after the vector");
    }
    return Arrays.copyOf(values, count);
  }

  private float number() {
    peek();
    int start = at;
    while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String digits = text.substring(start, at);
    if (!isJsonNumber(digits)) {
      at = start;
      throw problem("not a number");
    }
    float value = Float.parseFloat(digits);
    if (!Float.isFinite(value)) {
      at = start;
      throw problem("a number beyond 32-bit floats");
    }
    return value;
  }

  /** The grammar of RFC 8259, which is narrower than Java's. */
  static boolean isJsonNumber(String s) {
    int i = s.startsWith("-") ? 1 : 0;
    int whole = digits(s, i);
    if (whole == i || (s.charAt(i) == '0' && whole > i + 1)) {
      return false;
    }
    i = whole;
    if (i < s.length() && s.charAt(i) == '.') {
      int end = digits(s, i + 1);
      if (end == i + 1) {
        return false;
      }
      i = end;
    }
    if (i < s.length() && (s.charAt(i) == 'e' || s.charAt(i) == 'E')) {
      i++;
      if (i < s.length() && (s.charAt(i) == '+' || s.charAt(i) == '-')) {
        i++;
      }
      int end = digits(s, i);
      if (end == i) {
        return false;
      }
      i = end;
    }
    return i == s.length();
  }

  private static int digits(String s, int from) {
    int i = from;
    while (i < s.length() && s.charAt(i) >= '0' && s.charAt(i) <= '9') {
      i++;
    }
    return i;
  }

  /** The next character that is not white space, or 0 at the end. */
  private char peek() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private boolean accept(char c) {
    if (peek() == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!accept(c)) {
      throw problem("expected '" + c + "'");
    }
  }

  private InvalidInputException problem(String message) {
    return new InvalidInputException(
        what + ": " + message + " at character " + (at + 1),
        "give a JSON array of numbers, such as '[0.1, 0.2]'");
  }
}
