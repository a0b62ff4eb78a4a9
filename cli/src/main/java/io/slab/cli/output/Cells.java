package io.slab.cli.output;

import io.slab.model.Numbers;
import java.util.List;

/** Text of single values in tables and separated files. */
public final class Cells {
  private static final int PREVIEW = 3;

  private Cells() {}

  /** The whole value: strings as they are, everything structured as JSON, null as nothing. */
  static String plain(Object value) {
    if (value == null) {
      return "";
    }
    return value instanceof String text ? text : JsonText.of(value);
  }

  /**
   * The value for human eyes: long arrays of numbers shortened, nothing that could drive a
   * terminal.
   */
  static String table(Object value) {
    if (value instanceof float[] values && values.length > PREVIEW) {
      return preview(values);
    }
    if (value instanceof List<?> list && !list.isEmpty() && list.getFirst() instanceof String) {
      return clean(String.join(", ", list.stream().map(Cells::plain).toList()));
    }
    return clean(plain(value));
  }

  private static String preview(float[] values) {
    StringBuilder out = new StringBuilder("[");
    for (int i = 0; i < PREVIEW; i++) {
      out.append(Numbers.text(values[i])).append(", ");
    }
    return out.append("… ").append(values.length - PREVIEW).append(" more]").toString();
  }

  /**
   * Replaces control characters and bidirectional overrides, so that data cannot rewrite the
   * screen.
   */
  public static String clean(String text) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isHarmless(c)) {
        if (out != null) {
          out.append(c);
        }
        continue;
      }
      if (out == null) {
        out = new StringBuilder(text.length()).append(text, 0, i);
      }
      out.append(c == '\n' || c == '\t' || c == '\r' ? ' ' : '\uFFFD');
    }
    return out == null ? text : out.toString();
  }

  /** The same of a text of several lines, whose ends stay. */
  public static String cleanLines(String text) {
    if (text.indexOf('\n') < 0) {
      return clean(text);
    }
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      out.append(clean(text.substring(from, end))).append('\n');
      from = end + 1;
    }
    return out.append(clean(text.substring(from))).toString();
  }

  /**
   * The same for forms that programs read, when they are printed on a terminal: what could drive it
   * becomes its number, {@code \\u001b}; ends of lines and tabs stay.
   */
  static String numbered(String text) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = isHarmless(c) || c == '\n' || c == '\r' || c == '\t';
      if (!plain && out == null) {
        out = new StringBuilder(text.length()).append(text, 0, i);
      }
      if (plain && out != null) {
        out.append(c);
      } else if (!plain) {
        out.append(String.format("\\u%04x", (int) c));
      }
    }
    return out == null ? text : out.toString();
  }

  private static boolean isHarmless(char c) {
    if (c < 0x7F) {
      return c >= 0x20;
    }
    boolean c1 = c <= 0x9F;
    boolean bidi =
        c == 0x061C
            || (c >= 0x200B && c <= 0x200F)
            || (c >= 0x2028 && c <= 0x202E)
            || (c >= 0x2066 && c <= 0x2069);
    return !c1 && !bidi && c != 0xFEFF;
  }

  /**
   * Columns that a text takes on a terminal: combining marks none, East Asian wide characters two.
   */
  public static int width(String text) {
    int width = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      width += width(c);
      i += Character.charCount(c);
    }
    return width;
  }

  private static int width(int c) {
    if (c < 0x300) {
      return 1;
    }
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    boolean wide =
        (c >= 0x1100 && c <= 0x115F)
            || (c >= 0x2E80 && c <= 0xA4CF)
            || (c >= 0xAC00 && c <= 0xD7A3)
            || (c >= 0xF900 && c <= 0xFAFF)
            || (c >= 0xFE30 && c <= 0xFE6F)
            || (c >= 0xFF00 && c <= 0xFF60)
            || (c >= 0xFFE0 && c <= 0xFFE6)
            || (c >= 0x1F300 && c <= 0x1FAFF)
            || (c >= 0x20000 && c <= 0x3FFFD);
    return wide ? 2 : 1;
  }

  /** Shortens a text to a width, the last column being an ellipsis where anything was cut. */
  public static String cut(String text, int width) {
    if (width(text) <= width) {
      return text;
    }
    int used = 0;
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      if (used + width(c) > width - 1) {
        break;
      }
      used += width(c);
      i += Character.charCount(c);
    }
    return text.substring(0, i) + "…";
  }
}
