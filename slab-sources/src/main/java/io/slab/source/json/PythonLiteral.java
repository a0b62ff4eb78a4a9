package io.slab.source.json;

import io.slab.model.Utf8;

/** Turns the text that Python prints for a dict or list into JSON, as data frames write to CSV. */
final class PythonLiteral {
  private final String text;
  private final StringBuilder out = new StringBuilder();
  private int at;

  private PythonLiteral(String text) {
    this.text = text;
  }

  /** JSON where the text is such a literal; whether it is, a JSON parser has to say. */
  static byte[] toJson(String text) {
    PythonLiteral literal = new PythonLiteral(text);
    while (literal.at < text.length()) {
      literal.step();
    }
    return Utf8.bytes(literal.out.toString());
  }

  private void step() {
    char c = text.charAt(at);
    if (c == '\'' || c == '"') {
      string(c);
    } else if (c == '(' || c == ')') {
      out.append(c == '(' ? '[' : ']');
      at++;
    } else if (!word("None", "null")
        && !word("True", "true")
        && !word("False", "false")
        && !word("nan", "NaN")) {
      out.append(c);
      at++;
    }
  }

  private boolean word(String python, String json) {
    boolean here = text.startsWith(python, at);
    if (here) {
      out.append(json);
      at += python.length();
    }
    return here;
  }

  private void string(char quote) {
    out.append('"');
    at++;
    while (at < text.length() && text.charAt(at) != quote) {
      char c = text.charAt(at++);
      if (c == '\\' && at < text.length()) {
        escape(text.charAt(at++));
      } else if (c == '"') {
        out.append("\\\"");
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
    at++;
  }

  private void escape(char c) {
    switch (c) {
      case '\'' -> out.append('\'');
      case 'x' -> out.append("\\u00");
      case 'a' -> out.append("\\u0007");
      case 'v' -> out.append("\\u000b");
      default -> out.append('\\').append(c);
    }
  }
}
