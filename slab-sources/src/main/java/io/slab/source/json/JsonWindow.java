package io.slab.source.json;

import io.slab.error.CorruptException;
import io.slab.source.ForeignFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A window on a long JSON text: finds where values begin and end without parsing them. The grammar
 * inside of values is left to the parser; what is checked here is that brackets close and strings
 * end. One thread only.
 */
final class JsonWindow implements AutoCloseable {
  /** Longest value that is ever held as a whole. */
  static final int MAX_VALUE = 16 << 20;

  private static final int CHUNK = 1 << 16;

  private final InputStream in;
  private final String name;
  private byte[] buffer = new byte[2 * CHUNK];
  private long bufferOffset;
  private int pos;
  private int size;
  private boolean ended;

  /** Where the value begins that must stay in the buffer, or -1. */
  private long held = -1;

  JsonWindow(InputStream in, String name) {
    this.in = in;
    this.name = name;
  }

  /** Offset of the next byte in the text. */
  long offset() {
    return bufferOffset + pos;
  }

  /** Goes on at an offset further on. */
  void skipTo(long offset) throws IOException {
    while (offset() < offset) {
      if (pos == size && !fill(pos)) {
        throw bad("the end of the text", "byte " + offset);
      }
      pos += (int) Math.min(size - pos, offset - offset());
    }
  }

  /** Reads more behind what is held from {@code keep} on; false at the end. */
  private boolean fill(int keep) throws IOException {
    if (ended) {
      return false;
    }
    if (keep > 0 && (size == buffer.length || keep > buffer.length / 2)) {
      System.arraycopy(buffer, keep, buffer, 0, size - keep);
      bufferOffset += keep;
      pos -= keep;
      size -= keep;
    }
    if (size == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * size);
    }
    int n = in.read(buffer, size, buffer.length - size);
    if (n < 0) {
      ended = true;
      return false;
    }
    size += n;
    return true;
  }

  /** Skips white space and returns the next byte without taking it, or -1 at the end. */
  int peek() throws IOException {
    while (true) {
      while (pos < size) {
        byte b = buffer[pos];
        if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
          if (bufferOffset + pos == 0 && b == (byte) 0xEF) {
            skipMark();
            continue;
          }
          return b & 0xFF;
        }
        pos++;
      }
      if (!fill(pos)) {
        return -1;
      }
    }
  }

  /** True when a list that begins with a number is next; nothing is taken. */
  boolean numbersNext() throws IOException {
    if (peek() != '[') {
      return false;
    }
    int at = 1;
    while (true) {
      while (pos + at < size) {
        byte b = buffer[pos + at];
        if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
          return b == '-' || b >= '0' && b <= '9';
        }
        at++;
      }
      if (!fill(pos)) {
        return false;
      }
    }
  }

  /** Reads over the elements of a list that were not taken, and counts them. */
  int restOfList() throws IOException {
    if (take(']')) {
      return 0;
    }
    int count = 0;
    do {
      skip();
      count++;
    } while (more(']'));
    return count;
  }

  private void skipMark() throws IOException {
    while (size < 3 && fill(0)) {}
    if (size < 3 || buffer[1] != (byte) 0xBB || buffer[2] != (byte) 0xBF) {
      throw bad("byte 0xEF", "JSON");
    }
    pos = 3;
  }

  boolean take(char wanted) throws IOException {
    if (peek() != wanted) {
      return false;
    }
    pos++;
    return true;
  }

  void expect(char wanted) throws IOException {
    if (!take(wanted)) {
      throw unexpected("'" + wanted + "'");
    }
  }

  /** After an element: true when another follows, false when {@code close} ended the list. */
  boolean more(char close) throws IOException {
    if (take(',')) {
      return true;
    }
    if (take(close)) {
      return false;
    }
    throw unexpected("',' or '" + close + "'");
  }

  CorruptException unexpected(String expected) throws IOException {
    int next = peek();
    String found =
        next < 0
            ? "the end of the text"
            : next > ' ' && next < 0x7F ? "'" + (char) next + "'" : "byte " + next;
    return bad(found, expected);
  }

  CorruptException bad(String found, String expected) {
    return ForeignFile.corrupt(name, offset(), found, expected);
  }

  /** Reads a member name and its colon. */
  String member() throws IOException {
    if (peek() != '"') {
      throw unexpected("a member name in double quotes");
    }
    String text = text();
    expect(':');
    return text;
  }

  /** Reads a string. */
  String text() throws IOException {
    int length = value(true);
    if (length > 1 << 16) {
      throw bad("a name of " + length + " bytes", "a shorter one");
    }
    int from = pos - length;
    byte[] json = Arrays.copyOfRange(buffer, from, pos);
    JsonCursor cursor = new JsonCursor();
    cursor.reset(json, 0, json.length);
    try {
      return cursor.string(null);
    } catch (BadRecordException e) {
      throw bad(e.getMessage(), "a string");
    }
  }

  /** Passes over a value of any length. */
  void skip() throws IOException {
    value(false);
  }

  /**
   * Passes over a value and holds it: its bytes are the {@code n} before the current position, see
   * {@link #copy}.
   *
   * @return its length, or -1 when it is longer than {@link #MAX_VALUE}; then it is not held
   */
  int hold() throws IOException {
    return value(true);
  }

  /** Copies the last {@code length} bytes passed over. */
  void copy(int length, byte[] into, int at) {
    System.arraycopy(buffer, pos - length, into, at, length);
  }

  private int value(boolean keep) throws IOException {
    int first = peek();
    if (first < 0 || first == ',' || first == ':' || first == ']' || first == '}') {
      throw unexpected("a value");
    }
    long begin = offset();
    held = keep ? begin : -1;
    switch (first) {
      case '"' -> string(begin);
      case '{', '[' -> nested(begin);
      default -> scalar();
    }
    long length = offset() - begin;
    boolean whole = held >= 0 && length <= MAX_VALUE;
    held = -1;
    return whole ? (int) length : -1;
  }

  /** More bytes at {@link #pos} while the value that begins at {@link #held} is kept. */
  private boolean readOn() throws IOException {
    if (held >= 0 && offset() - held > MAX_VALUE) {
      held = -1;
    }
    return fill(held < 0 ? pos : (int) (held - bufferOffset));
  }

  private void need(long begin) throws IOException {
    if (pos == size && !readOn()) {
      throw bad("the end of the text", "the end of the value that begins at byte " + begin);
    }
  }

  /** Passes over a string whose opening quote is next. */
  private void string(long begin) throws IOException {
    pos++;
    while (true) {
      need(begin);
      int p = pos;
      while (p < size && buffer[p] != '"' && buffer[p] != '\\') {
        p++;
      }
      pos = p;
      if (p == size) {
        continue;
      }
      pos++;
      if (buffer[p] == '"') {
        return;
      }
      // The byte after a backslash belongs to it.
      need(begin);
      pos++;
    }
  }

  private void nested(long begin) throws IOException {
    int depth = 0;
    do {
      need(begin);
      byte b = buffer[pos];
      switch (b) {
        case '"' -> string(begin);
        case '{', '[' -> {
          depth++;
          pos++;
        }
        case '}', ']' -> {
          depth--;
          pos++;
        }
        default -> skipPlain();
      }
    } while (depth > 0);
  }

  /** Most bytes of an export are numbers and commas. */
  private void skipPlain() {
    int p = pos + 1;
    while (p < size) {
      byte b = buffer[p];
      if (b == '"' || (b | 0x20) == '{' || (b | 0x20) == '}') {
        break;
      }
      p++;
    }
    pos = p;
  }

  private void scalar() throws IOException {
    while (pos < size || readOn()) {
      byte b = buffer[pos];
      if (b <= ' ' && b >= 0 || b == ',' || b == ']' || b == '}') {
        return;
      }
      pos++;
    }
  }

  /**
   * True when no line ends inside the first value (or inside as much of it as fits the buffer).
   * Nothing is taken.
   */
  boolean firstValueIsOneLine() throws IOException {
    peek();
    while (size < buffer.length && fill(0)) {}
    int depth = 0;
    boolean string = false;
    for (int p = pos; p < size; p++) {
      byte b = buffer[p];
      if (b == '\n') {
        return false;
      }
      if (string && b == '\\') {
        p++;
      } else if (b == '"') {
        string = !string;
      } else if (!string && (b | 0x20) == '{') {
        depth++;
      } else if (!string && (b | 0x20) == '}' && --depth == 0) {
        return true;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
