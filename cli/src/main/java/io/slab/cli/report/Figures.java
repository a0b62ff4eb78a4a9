package io.slab.cli.report;

import io.slab.cli.output.Human;
import java.util.Locale;

/** Numbers for people, where space is short. */
public final class Figures {
  private Figures() {}

  /** Four significant digits; whole numbers as they are. */
  public static String number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e7) {
      return Human.count((long) value);
    }
    double size = Math.abs(value);
    if (size >= 1e6 || size < 1e-4) {
      return String.format(Locale.ROOT, "%.3e", value);
    }
    int decimals = (int) Math.max(0, 3 - Math.floor(Math.log10(size)));
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /** The same without zeros at the end. */
  public static String tick(double value) {
    String text = number(value);
    if (text.indexOf('.') < 0 || text.indexOf('e') >= 0) {
      return text;
    }
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
  }

  /** {@code 950}, {@code 1.2k}, {@code 34M}. */
  public static String brief(long value) {
    if (Math.abs(value) < 1000) {
      return Long.toString(value);
    }
    double size = value;
    int unit = -1;
    while (Math.abs(size) >= 1000 && unit < 2) {
      size /= 1000;
      unit++;
    }
    String text = String.format(Locale.ROOT, size < 10 ? "%.1f" : "%.0f", size);
    return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + "kMG".charAt(unit);
  }
}
