package io.slab.source.json;

import io.slab.model.Utf8;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Strict JSON tokens over one line in a byte buffer (RFC 8259, UTF-8 checked, lone surrogates
 * refused). Everything that breaks the grammar is a {@link BadRecordException} at its byte. One
 * thread only.
 */
public final class JsonCursor {
  /** Most levels of arrays and objects that are skipped over; deeper text is refused. */
  static final int MAX_DEPTH = 100;

  /** Longest piece of input that a message quotes, in bytes. */
  private static final int MAX_QUOTE = 60;

  private final TextCache cache = new TextCache();
  private final FloatParser number = new FloatParser();
  private byte[] scratch = new byte[256];
  private byte[] buffer;
  private int pos;
  private int end;

  /** Starts over on {@code bytes[from, to)}. */
  public void reset(byte[] bytes, int from, int to) {
    buffer = bytes;
    pos = from;
    end = to;
  }

  public int position() {
    return pos;
  }

  public void moveTo(int position) {
    pos = position;
  }

  public byte[] buffer() {
    return buffer;
  }

  public int end() {
    return end;
  }

  public FloatParser number() {
    return number;
  }

  /** Skips white space and returns the next byte without taking it, or -1 at the end. */
  public int peek() {
    int p = pos;
    while (p < end) {
      byte b = buffer[p];
      if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
        pos = p;
        return b & 0xFF;
      }
      p++;
    }
    pos = p;
    return -1;
  }

  /** Takes the byte that {@link #peek} would return when it is {@code wanted}. */
  public boolean take(char wanted) {
    if (peek() != wanted) {
      return false;
    }
    pos++;
    return true;
  }

  /** Takes {@code wanted} or fails, saying what else was expected. */
  public void expect(char wanted, String field, String what) {
    if (!take(wanted)) {
      throw unexpected(field, what);
    }
  }

  /** Failure at the next byte: "Expected ... but found ...". */
  public BadRecordException unexpected(String field, String what) {
    String found = peek() < 0 ? "the end of the line" : "'" + quote(pos, charEnd(pos)) + "'";
    return new BadRecordException(pos, field, "Expected " + what + " but found " + found);
  }

  private int charEnd(int at) {
    int p = at + 1;
    while (p < end && (buffer[p] & 0xC0) == 0x80) {
      p++;
    }
    return p;
  }

  /**
   * After a member or element: true when another follows, false when {@code close} ended the list.
   */
  public boolean more(char close, String field) {
    if (take(',')) {
      return true;
    }
    if (take(close)) {
      return false;
    }
    throw unexpected(field, "',' or '" + close + "'");
  }

  /** Reads a member name and the colon after it. */
  public String name(String field) {
    if (peek() != '"') {
      throw unexpected(field, "a member name in double quotes");
    }
    String name = string(field);
    expect(':', field, "':' after the member name");
    return name;
  }

  /** Reads a string; the next byte must be its opening quote. */
  public String string(String field) {
    int from = pos + 1;
    int high = 0;
    for (int p = from; p < end; p++) {
      byte b = buffer[p];
      if (b == '"') {
        pos = p + 1;
        return high < 0 ? decode(buffer, from, p, field) : cache.ascii(buffer, from, p - from);
      }
      if (b == '\\') {
        return escaped(from, p, field);
      }
      if (b >= 0 && b < ' ') {
        throw control(p, field);
      }
      high |= b;
    }
    throw new BadRecordException(pos, field, "A string has no closing quote");
  }

  private static BadRecordException control(int at, String field) {
    return new BadRecordException(at, field, "A control character in a string is not escaped");
  }

  private static String decode(byte[] bytes, int from, int to, String field) {
    String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0) {
      // Either the text holds this character or the lenient decoder put it in place of bad bytes.
      try {
        return Utf8.decode(bytes, from, to - from);
      } catch (CharacterCodingException e) {
        throw new BadRecordException(from, field, "A string is not valid UTF-8");
      }
    }
    return text;
  }

  private String escaped(int from, int firstEscape, String field) {
    int out = firstEscape - from;
    ensure(out + 8);
    System.arraycopy(buffer, from, scratch, 0, out);
    int p = firstEscape;
    while (p < end && buffer[p] != '"') {
      byte b = buffer[p++];
      if (b >= 0 && b < ' ') {
        throw control(p - 1, field);
      }
      ensure(out + 8);
      if (b != '\\') {
        scratch[out++] = b;
      } else if (p < end && buffer[p] == 'u') {
        pos = p - 1;
        out = putCodePoint(out, unicodeEscape(field));
        p = pos;
      } else {
        scratch[out++] = simpleEscape(p, field);
        p++;
      }
    }
    if (p >= end) {
      throw new BadRecordException(from - 1, field, "A string has no closing quote");
    }
    pos = p + 1;
    try {
      return Utf8.decode(scratch, 0, out);
    } catch (CharacterCodingException e) {
      throw new BadRecordException(from, field, "A string is not valid UTF-8");
    }
  }

  private void ensure(int size) {
    if (scratch.length < size) {
      scratch = Arrays.copyOf(scratch, size * 2);
    }
  }

  private byte simpleEscape(int at, String field) {
    return switch (at < end ? buffer[at] : 0) {
      case '"' -> '"';
      case '\\' -> '\\';
      case '/' -> '/';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> throw new BadRecordException(at - 1, field, "A string holds an unknown escape");
    };
  }

  /** Reads one or (for a surrogate pair) two escapes at {@link #pos}. */
  private int unicodeEscape(String field) {
    int at = pos;
    int unit = hex4(at, field);
    pos = at + 6;
    if (unit < Character.MIN_SURROGATE || unit > Character.MAX_SURROGATE) {
      return unit;
    }
    boolean paired =
        unit <= Character.MAX_HIGH_SURROGATE
            && pos + 1 < end
            && buffer[pos] == '\\'
            && buffer[pos + 1] == 'u';
    int low = paired ? hex4(pos, field) : 0;
    if (low < Character.MIN_LOW_SURROGATE || low > Character.MAX_LOW_SURROGATE) {
      throw new BadRecordException(at, field, "A string holds an unpaired surrogate escape");
    }
    pos += 6;
    return Character.toCodePoint((char) unit, (char) low);
  }

  private int hex4(int escape, String field) {
    int value = 0;
    for (int p = escape + 2; p < escape + 6; p++) {
      int digit = p < end ? Character.digit(buffer[p], 16) : -1;
      if (digit < 0) {
        throw new BadRecordException(escape, field, "A \\u escape needs four hexadecimal digits");
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private int putCodePoint(int at, int c) {
    int out = at;
    if (c < 0x80) {
      scratch[out++] = (byte) c;
    } else if (c < 0x800) {
      scratch[out++] = (byte) (0xC0 | c >> 6);
      scratch[out++] = (byte) (0x80 | c & 0x3F);
    } else {
      if (c < 0x10000) {
        scratch[out++] = (byte) (0xE0 | c >> 12);
      } else {
        scratch[out++] = (byte) (0xF0 | c >> 18);
        scratch[out++] = (byte) (0x80 | c >> 12 & 0x3F);
      }
      scratch[out++] = (byte) (0x80 | c >> 6 & 0x3F);
      scratch[out++] = (byte) (0x80 | c & 0x3F);
    }
    return out;
  }

  /** Takes {@code word} (true, false or null) when it stands here as a whole. */
  public boolean literal(String word) {
    int length = word.length();
    if (end - pos < length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (buffer[pos + i] != word.charAt(i)) {
        return false;
      }
    }
    if (pos + length < end && isWordByte(buffer[pos + length])) {
      return false;
    }
    pos += length;
    return true;
  }

  private static boolean isWordByte(byte b) {
    return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_';
  }

  /** Reads over one value of any kind, checking its grammar. */
  public void skipValue(String field) {
    skipValue(field, 0);
  }

  private void skipValue(String field, int depth) {
    switch (peek()) {
      case '"' -> string(field);
      case '{' -> skipObject(field, depth + 1);
      case '[' -> skipArray(field, depth + 1);
      case 't', 'f', 'n' -> {
        if (!literal("true") && !literal("false") && !literal("null")) {
          throw unexpected(field, "a value");
        }
      }
      default -> skipNumber(field);
    }
  }

  private void skipNumber(String field) {
    int next = number.parse(buffer, pos, end);
    if (next < 0) {
      throw unexpected(field, "a value");
    }
    pos = next;
  }

  private void skipObject(String field, int depth) {
    enter(field, depth);
    if (take('}')) {
      return;
    }
    do {
      name(field);
      skipValue(field, depth);
    } while (more('}', field));
  }

  private void skipArray(String field, int depth) {
    enter(field, depth);
    if (take(']')) {
      return;
    }
    do {
      skipValue(field, depth);
    } while (more(']', field));
  }

  private void enter(String field, int depth) {
    if (depth > MAX_DEPTH) {
      throw new BadRecordException(pos, field, "Values are nested more than 100 levels deep");
    }
    pos++;
  }

  /** The text of the value at {@code from} for a message; cut when long, safe when broken. */
  public String quoteValue(int from) {
    int to = from;
    try {
      pos = from;
      skipValue(null);
      to = pos;
    } catch (BadRecordException e) {
      to = wordEnd(from);
    } finally {
      pos = from;
    }
    return quote(from, to);
  }

  private int wordEnd(int from) {
    int p = from;
    while (p < end && ",]} \t\r".indexOf(buffer[p]) < 0) {
      p++;
    }
    return Math.max(p, Math.min(end, charEnd(from)));
  }

  private String quote(int from, int to) {
    if (from >= end) {
      return "nothing";
    }
    int cut = to - from <= MAX_QUOTE ? to : from + MAX_QUOTE;
    // Not in the middle of a character.
    while (cut < end && cut > from && (buffer[cut] & 0xC0) == 0x80) {
      cut--;
    }
    String text = new String(buffer, from, Math.max(cut - from, 1), StandardCharsets.UTF_8);
    return cut < to ? text + "..." : text;
  }
}
