package io.slab.cli.output;

import io.slab.model.Numbers;
import java.util.List;
import java.util.Map;

/**
 * Writes {@link Doc} values as compact JSON: shortest round-trip numbers, nothing escaped that need
 * not be.
 */
public final class JsonText {
  private JsonText() {}

  /** A value as compact JSON. */
  public static String of(Object value) {
    StringBuilder out = new StringBuilder();
    append(out, value);
    return out.toString();
  }

  /** Appends a value as compact JSON. */
  public static void append(StringBuilder out, Object value) {
    // Tests in a row and no pattern switch: the first of those costs a short command 20 ms.
    if (value instanceof String text) {
      appendString(out, text);
    } else if (value instanceof Float number) {
      appendFloat(out, number);
    } else if (value instanceof Double number) {
      out.append(Double.isFinite(number) ? Numbers.text(number) : "null");
    } else if (value instanceof Doc doc) {
      appendDoc(out, doc);
    } else if (value instanceof Number number) {
      out.append(number.longValue());
    } else if (value instanceof float[] values) {
      appendFloats(out, values);
    } else if (value instanceof int[] values) {
      appendUnsigned(out, values);
    } else if (value instanceof List<?> list) {
      appendList(out, list);
    } else if (value instanceof Doc.RawJson raw) {
      out.append(raw.text());
    } else if (value == null || value instanceof Boolean) {
      out.append(value);
    } else {
      throw new IllegalArgumentException("no JSON form for " + value.getClass());
    }
  }

  private static void appendDoc(StringBuilder out, Doc doc) {
    out.append('{');
    boolean first = true;
    for (Map.Entry<String, Object> member : doc.members().entrySet()) {
      if (!first) {
        out.append(',');
      }
      first = false;
      appendString(out, member.getKey());
      out.append(':');
      append(out, member.getValue());
    }
    out.append('}');
  }

  private static void appendList(StringBuilder out, List<?> list) {
    out.append('[');
    for (int i = 0; i < list.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      append(out, list.get(i));
    }
    out.append(']');
  }

  private static void appendFloats(StringBuilder out, float[] values) {
    out.append('[');
    for (int i = 0; i < values.length; i++) {
      if (i > 0) {
        out.append(',');
      }
      appendFloat(out, values[i]);
    }
    out.append(']');
  }

  private static void appendUnsigned(StringBuilder out, int[] values) {
    out.append('[');
    for (int i = 0; i < values.length; i++) {
      if (i > 0) {
        out.append(',');
      }
      out.append(Integer.toUnsignedLong(values[i]));
    }
    out.append(']');
  }

  private static void appendFloat(StringBuilder out, float value) {
    out.append(Float.isFinite(value) ? Numbers.text(value) : "null");
  }

  /**
   * Appends a quoted string; unpaired surrogates are escaped so that the output is always valid
   * UTF-8.
   */
  public static void appendString(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20 || c == 0x7F || c == 0x2028 || c == 0x2029 || isUnpaired(text, i)) {
            appendEscape(out, c);
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static boolean isUnpaired(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }

  private static void appendEscape(StringBuilder out, char c) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append("0123456789abcdef".charAt((c >> shift) & 15));
    }
  }
}
