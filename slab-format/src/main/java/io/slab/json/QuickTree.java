package io.slab.json;

/**
 * Reads text that is plainly strict JSON into the same tree as {@link TreeReader}, and leaves
 * everything else, each error included, to it: {@link #of} returns null then. It is there for
 * commands that take a tenth of a second: any parser of Jackson initialises {@link
 * java.math.BigDecimal}, whose table of powers takes 20 ms to compute in a fresh process.
 */
final class QuickTree {
  /** Most digits of an integer that certainly fits a long. */
  private static final int LONG_DIGITS = 18;

  /** Below each of Jackson's limits for names, strings and numbers. */
  private static final int PLAIN_NAME = 10_000;

  private static final int PLAIN_STRING = 1_000_000;
  private static final int PLAIN_NUMBER = 500;

  private final String text;
  private int at;
  private int depth;

  private QuickTree(String text) {
    this.text = text;
  }

  /** The tree of the whole text, or null when it needs a closer look. */
  static JsonNode of(String text) {
    QuickTree reader = new QuickTree(text);
    JsonNode root = reader.value();
    reader.space();
    return reader.at == text.length() ? root : null;
  }

  private int peek() {
    return at < text.length() ? text.charAt(at) : -1;
  }

  private void space() {
    for (int c = peek(); c == ' ' || c == '\n' || c == '\t' || c == '\r'; c = peek()) {
      at++;
    }
  }

  /** Skips a character if it is the next one after white space. */
  private boolean skip(char wanted) {
    space();
    if (peek() != wanted) {
      return false;
    }
    at++;
    return true;
  }

  private JsonNode value() {
    space();
    return switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> {
        String string = string();
        yield string == null ? null : JsonNode.of(string);
      }
      case 't' -> word("true") ? JsonNode.of(true) : null;
      case 'f' -> word("false") ? JsonNode.of(false) : null;
      case 'n' -> word("null") ? JsonNode.NULL : null;
      default -> number();
    };
  }

  private boolean word(String word) {
    if (!text.startsWith(word, at)) {
      return false;
    }
    at += word.length();
    return true;
  }

  private JsonNode object() {
    at++;
    JsonNode node = JsonNode.object();
    if (++depth > Json.MAX_DEPTH) {
      return null;
    }
    if (!skip('}')) {
      do {
        space();
        String name = peek() == '"' ? string() : null;
        if (name == null || name.length() > PLAIN_NAME || node.has(name) || !skip(':')) {
          return null;
        }
        JsonNode value = value();
        if (value == null) {
          return null;
        }
        node.set(name, value);
      } while (skip(','));
      if (!skip('}')) {
        return null;
      }
    }
    depth--;
    return node;
  }

  private JsonNode array() {
    at++;
    JsonNode node = JsonNode.array();
    if (++depth > Json.MAX_DEPTH) {
      return null;
    }
    if (!skip(']')) {
      do {
        JsonNode value = value();
        if (value == null) {
          return null;
        }
        node.add(value);
      } while (skip(','));
      if (!skip(']')) {
        return null;
      }
    }
    depth--;
    return node;
  }

  /** A string without escapes and surrogates, or null: those are left to {@link TreeReader}. */
  private String string() {
    int start = ++at;
    StringBuilder built = null;
    while (true) {
      int c = peek();
      if (c < ' ' || Character.isSurrogate((char) c)) {
        return null;
      }
      if (c == '"') {
        String run = text.substring(start, at++);
        if (run.length() > PLAIN_STRING || (built != null && built.length() > PLAIN_STRING)) {
          return null;
        }
        return built == null ? run : built.append(run).toString();
      }
      if (c == '\\') {
        built = built == null ? new StringBuilder() : built;
        built.append(text, start, at);
        int escaped = escape();
        if (escaped < 0) {
          return null;
        }
        built.append((char) escaped);
        start = at;
      } else {
        at++;
      }
    }
  }

  private int escape() {
    if (at + 1 >= text.length()) {
      return -1;
    }
    char c = text.charAt(at + 1);
    at += 2;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> -1;
    };
  }

  private int unicode() {
    if (at + 4 > text.length()) {
      return -1;
    }
    int value = 0;
    for (int end = at + 4; at < end; at++) {
      char c = text.charAt(at);
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return Character.isSurrogate((char) value) ? -1 : value;
  }

  private JsonNode number() {
    int start = at;
    if (peek() == '-') {
      at++;
    }
    int first = at;
    int digits = digits();
    if (digits == 0 || (digits > 1 && text.charAt(first) == '0')) {
      return null;
    }
    boolean real = false;
    if (peek() == '.') {
      at++;
      real = true;
      if (digits() == 0) {
        return null;
      }
    }
    if (peek() == 'e' || peek() == 'E') {
      at++;
      real = true;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      if (digits() == 0) {
        return null;
      }
    }
    if (at - start > PLAIN_NUMBER) {
      return null;
    }
    return real ? real(text.substring(start, at)) : integer(start, digits);
  }

  private int digits() {
    int from = at;
    for (int c = peek(); c >= '0' && c <= '9'; c = peek()) {
      at++;
    }
    return at - from;
  }

  private static JsonNode real(String digits) {
    double value = Double.parseDouble(digits);
    return Double.isFinite(value) ? JsonNode.of(value) : null;
  }

  private JsonNode integer(int start, int digits) {
    if (digits > LONG_DIGITS) {
      return null;
    }
    boolean negative = text.charAt(start) == '-';
    long value = Long.parseLong(text, start, at, 10);
    if (value == 0 && negative) {
      return JsonNode.of(-0.0);
    }
    return JsonNode.of(value);
  }
}
