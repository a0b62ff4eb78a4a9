package io.slab.cli.report.page;

import io.slab.cli.output.Cells;
import java.util.Locale;

/** Text that becomes part of a page, and numbers in the notation of SVG. */
final class Markup {
  private Markup() {}

  /** Text with everything escaped that HTML or an attribute takes for its own. */
  static String text(String text) {
    StringBuilder out = new StringBuilder();
    String clean = Cells.clean(text);
    for (int i = 0; i < clean.length(); i++) {
      char c = clean.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
    return out.toString();
  }

  /** Two decimals at most, as short as can be. */
  static String number(double value) {
    double rounded = Math.round(value * 100) / 100.0;
    return rounded == Math.rint(rounded)
        ? Long.toString((long) rounded)
        : String.format(Locale.ROOT, "%.2f", rounded);
  }
}
