package io.slab.cli.output;

import io.slab.json.Numbers;
import java.util.List;
import java.util.Map;

/** Writes {@link Doc} values as compact JSON: shortest round-trip numbers, nothing escaped that need not be. */
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
    switch (value) {
      case null -> out.append("null");
      case String s -> appendString(out, s);
      case Boolean b -> out.append(b.booleanValue());
      case Float f -> appendFloat(out, f);
      case Double d -> out.append(Double.isFinite(d) ? Numbers.text(d) : "null");
      case Number n -> out.append(n.longValue());
      case float[] values -> appendFloats(out, values);
      case int[] values -> appendUnsigned(out, values);
      case List<?> list -> appendList(out, list);
      case Doc doc -> appendDoc(out, doc);
      case Doc.RawJson raw -> out.append(raw.text());
      default -> throw new IllegalArgumentException("no JSON form for " + value.getClass());
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

  /** Appends a quoted string; unpaired surrogates are escaped so that the output is always valid UTF-8. */
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
