package io.slab.json;

import java.math.BigInteger;

/**
 * Reads a strict JSON text into one tree, for manifests, filters, options and records that users
 * type. It is a parser of our own: any parser of Jackson initialises {@link java.math.BigDecimal},
 * whose table of powers takes 20 ms to compute in a fresh process, and a short command is over
 * after a tenth of a second.
 */
final class TreeReader {
  /** Most digits of an integer that certainly fits a long. */
  private static final int LONG_DIGITS = 18;

  /** Most characters of a number: to read the digits of a longer one takes quadratic time. */
  private static final int MAX_NUMBER = 1000;

  private final String text;
  private int at;
  private int depth;

  private TreeReader(String text) {
    this.text = text;
  }

  /** The only value of the text. */
  static JsonNode read(String text) throws JsonProblem {
    TreeReader reader = new TreeReader(text);
    reader.space();
    if (reader.peek() < 0) {
      throw reader.problem("no value at all", reader.at);
    }
    JsonNode root = reader.value();
    reader.space();
    if (reader.peek() >= 0) {
      throw reader.startsValue()
          ? reader.problem("more text after the value", reader.at)
          : reader.unexpected("the end of the text");
    }
    return root;
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

  private boolean startsValue() {
    int c = peek();
    return c == '{' || c == '[' || c == '"' || c == '-' || isDigit(c);
  }

  private JsonNode value() throws JsonProblem {
    space();
    return switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> JsonNode.of(string());
      case 't' -> word("true", JsonNode.TRUE);
      case 'f' -> word("false", JsonNode.FALSE);
      case 'n' -> word("null", JsonNode.NULL);
      default -> {
        if (!startsValue()) {
          throw unexpected("a value");
        }
        yield number();
      }
    };
  }

  private JsonNode word(String word, JsonNode value) throws JsonProblem {
    if (!token().equals(word)) {
      throw unexpected("a value");
    }
    at += word.length();
    return value;
  }

  private void enter() throws JsonProblem {
    if (++depth > Json.MAX_DEPTH) {
      throw problem("more than " + Json.MAX_DEPTH + " levels of arrays and objects", at);
    }
    at++;
  }

  private JsonNode object() throws JsonProblem {
    enter();
    JsonNode node = JsonNode.object();
    if (!skip('}')) {
      do {
        space();
        if (peek() != '"') {
          throw unexpected("a name in double quotes");
        }
        int start = at;
        String name = string();
        if (node.has(name)) {
          throw problem("the name \"" + name + "\" appears twice in one object", start);
        }
        if (!skip(':')) {
          throw unexpected("a colon");
        }
        node.set(name, value());
      } while (skip(','));
      if (!skip('}')) {
        throw unexpected("a comma or the end of the object");
      }
    }
    depth--;
    return node;
  }

  private JsonNode array() throws JsonProblem {
    enter();
    JsonNode node = JsonNode.array();
    if (!skip(']')) {
      do {
        node.add(value());
      } while (skip(','));
      if (!skip(']')) {
        throw unexpected("a comma or the end of the array");
      }
    }
    depth--;
    return node;
  }

  private String string() throws JsonProblem {
    int open = at;
    int start = ++at;
    StringBuilder built = null;
    boolean surrogates = false;
    while (true) {
      int c = peek();
      if (c < ' ') {
        throw c < 0 ? unexpected("the end of the string") : control((char) c);
      }
      if (c == '"') {
        String run = text.substring(start, at++);
        String whole = built == null ? run : built.append(run).toString();
        if (surrogates) {
          requireUnicode(whole, open);
        }
        return whole;
      }
      if (c == '\\') {
        built = built == null ? new StringBuilder() : built;
        built.append(text, start, at);
        char escaped = escape();
        surrogates |= Character.isSurrogate(escaped);
        built.append(escaped);
        start = at;
      } else {
        surrogates |= Character.isSurrogate((char) c);
        at++;
      }
    }
  }

  private char escape() throws JsonProblem {
    int c = at + 1 < text.length() ? text.charAt(at + 1) : -1;
    char plain =
        switch (c) {
          case '"', '\\', '/' -> (char) c;
          case 'b' -> '\b';
          case 'f' -> '\f';
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          case 'u' -> unicode();
          case -1 -> {
            at++;
            throw unexpected("an escape");
          }
          default -> throw problem("no escape: " + quoted((char) c) + " after a backslash", at);
        };
    at += c == 'u' ? 6 : 2;
    return plain;
  }

  private char unicode() throws JsonProblem {
    int value = 0;
    for (int i = at + 2; i < at + 6; i++) {
      int digit =
          i < text.length() && text.charAt(i) < 128 ? Character.digit(text.charAt(i), 16) : -1;
      if (digit < 0) {
        at = i;
        throw unexpected("four hexadecimal digits of an escape");
      }
      value = value << 4 | digit;
    }
    return (char) value;
  }

  /** Refuses half a surrogate pair: it has no UTF-8 form. */
  private void requireUnicode(String string, int start) throws JsonProblem {
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < string.length()
                && Character.isLowSurrogate(string.charAt(i + 1));
        if (!pair) {
          throw problem("half a surrogate pair, which is no Unicode text", start);
        }
        i++;
      }
    }
  }

  private JsonNode number() throws JsonProblem {
    int start = at;
    if (peek() == '-') {
      at++;
      if (peek() == 'I' || peek() == 'N') {
        at = start;
        throw unexpected("a number");
      }
    }
    int first = at;
    int digits = digits();
    if (digits > 1 && text.charAt(first) == '0') {
      throw problem("Leading zeroes are not allowed in a number", first);
    }
    boolean real = false;
    if (peek() == '.') {
      at++;
      real = true;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      at++;
      real = true;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      digits();
    }
    if (at - start > MAX_NUMBER) {
      throw problem("a number of more than " + MAX_NUMBER + " characters", start);
    }
    return real ? real(start) : integer(start, digits);
  }

  /** Skips at least one digit. */
  private int digits() throws JsonProblem {
    int from = at;
    while (isDigit(peek())) {
      at++;
    }
    if (at == from) {
      throw unexpected("a digit");
    }
    return at - from;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private JsonNode real(int start) throws JsonProblem {
    double value = Decimals.parse(text, start, at);
    requireFinite(value, start);
    return JsonNode.of(value);
  }

  private JsonNode integer(int start, int digits) throws JsonProblem {
    if (digits > LONG_DIGITS) {
      BigInteger value = new BigInteger(text.substring(start, at));
      requireFinite(value.doubleValue(), start);
      return value.bitLength() < Long.SIZE ? JsonNode.of(value.longValue()) : JsonNode.of(value);
    }
    long value = Long.parseLong(text, start, at, 10);
    // "-0" is a float's minus zero; a whole number would drop the sign.
    return value == 0 && text.charAt(start) == '-' ? JsonNode.of(-0.0) : JsonNode.of(value);
  }

  private void requireFinite(double value, int start) throws JsonProblem {
    if (!Double.isFinite(value)) {
      throw problem("a number beyond the range of a 64-bit float", start);
    }
  }

  /** What stands where something else should, in the words that fit it. */
  private JsonProblem unexpected(String expected) {
    int c = peek();
    if (c < 0) {
      return problem("Unexpected end-of-input, expected " + expected, at);
    }
    String token = token();
    return switch (token) {
      case "" -> problem("Unexpected character " + quoted((char) c) + ", expected " + expected, at);
      case "NaN", "Infinity", "-Infinity", "-NaN" ->
          problem("Non-standard token '" + token + "'", at);
      default -> problem("Unrecognized token '" + token + "', expected " + expected, at);
    };
  }

  /** The word that begins here; empty where none does. */
  private String token() {
    int end = at + (peek() == '-' ? 1 : 0);
    int first = end;
    while (end < text.length()
        && (Character.isLetter(text.charAt(end))
            || text.charAt(end) == '_'
            || end > first && isDigit(text.charAt(end)))) {
      end++;
    }
    return end == first ? "" : text.substring(at, Math.min(end, at + 40));
  }

  private JsonProblem control(char c) {
    return problem("Illegal unquoted character " + quoted(c) + ", it needs an escape", at);
  }

  private static String quoted(char c) {
    return c >= ' ' && c < 127 ? "'" + c + "'" : String.format("U+%04X", (int) c);
  }

  private JsonProblem problem(String message, int offset) {
    return JsonProblem.at(text, offset, message);
  }
}
