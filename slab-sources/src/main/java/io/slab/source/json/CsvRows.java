package io.slab.source.json;

import io.slab.error.CorruptException;
import io.slab.model.Utf8;
import io.slab.source.ForeignFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of a table in text (RFC 4180): cells may be quoted, and then hold delimiters, doubled quotes
 * and ends of lines. Empty lines are passed over. What follows the quote that ends a cell, other
 * than a delimiter, is a problem of its row. One thread only.
 */
final class CsvRows implements AutoCloseable {
  /** Longest row. */
  private static final int MAX_ROW = 16 << 20;

  private final InputStream in;
  private final String name;
  private final byte[] buffer = new byte[1 << 16];
  private int pos;
  private int size;
  private long offset;
  private final byte delimiter;
  private byte[] row = new byte[1 << 12];
  private int length;
  private final List<Integer> ends = new ArrayList<>();
  private long rowOffset;
  private long line = 1;
  private long rowLine;
  private String problem;

  CsvRows(InputStream in, String name, char delimiter) throws IOException {
    this.in = in;
    this.name = name;
    this.delimiter = (byte) delimiter;
    if (peek() == 0xEF && size >= 3 && (buffer[1] & 0xFF) == 0xBB && (buffer[2] & 0xFF) == 0xBF) {
      pos = 3;
    }
  }

  private int peek() throws IOException {
    if (pos == size) {
      offset += size;
      pos = 0;
      size = in.readNBytes(buffer, 0, buffer.length);
      if (size == 0) {
        return -1;
      }
    }
    return buffer[pos] & 0xFF;
  }

  private int read() throws IOException {
    int b = peek();
    pos += b < 0 ? 0 : 1;
    line += b == '\n' ? 1 : 0;
    return b;
  }

  /** Where the next row begins, or after the last one its end. */
  long offset() {
    return offset + pos;
  }

  /** Where the current row began. */
  long rowOffset() {
    return rowOffset;
  }

  /** The line on which the current row began, from 1. */
  long rowLine() {
    return rowLine;
  }

  /** What is wrong with the quotes of the current row, or null. */
  String problem() {
    return problem;
  }

  /**
   * Goes to the next row.
   *
   * @throws CorruptException when a quoted cell does not end, or a row is too long
   */
  boolean next() throws IOException {
    int b = peek();
    while (b == '\n' || b == '\r') {
      read();
      b = peek();
    }
    if (b < 0) {
      return false;
    }
    rowOffset = offset();
    rowLine = line;
    problem = null;
    length = 0;
    ends.clear();
    boolean more = true;
    while (more) {
      more = cell();
      ends.add(length);
    }
    return true;
  }

  /** Reads one cell and what ends it; true when another follows. */
  private boolean cell() throws IOException {
    boolean quoted = peek() == '"';
    if (quoted) {
      read();
      quoted();
    }
    while (true) {
      int b = read();
      if (b == delimiter) {
        return true;
      }
      if (b == '\n' || b < 0) {
        return false;
      }
      boolean end = b == '\r' && (peek() == '\n' || peek() < 0);
      if (quoted && !end) {
        problem = "Cell " + (ends.size() + 1) + " goes on after the quote that ends it";
      }
      if (!end) {
        put((byte) b);
      }
    }
  }

  private void quoted() throws IOException {
    while (true) {
      int b = read();
      if (b < 0) {
        throw ForeignFile.corrupt(
            name + ":" + rowLine, rowOffset, "a quoted cell that does not end", "a quote");
      }
      if (b == '"') {
        if (peek() != '"') {
          return;
        }
        read();
      }
      put((byte) b);
    }
  }

  private void put(byte b) {
    if (length == row.length) {
      if (length >= MAX_ROW) {
        throw ForeignFile.corrupt(
            name + ":" + rowLine,
            rowOffset,
            "a row of more than " + MAX_ROW + " bytes",
            "an end of line");
      }
      row = Arrays.copyOf(row, 2 * length);
    }
    row[length++] = b;
  }

  int cells() {
    return ends.size();
  }

  /**
   * The text of a cell.
   *
   * @throws CharacterCodingException when it is no UTF-8
   */
  String cell(int index) throws CharacterCodingException {
    int from = index == 0 ? 0 : ends.get(index - 1);
    return Utf8.decode(row, from, ends.get(index) - from);
  }

  /** The text of any cell, for people. */
  String shown(int index) {
    int from = index == 0 ? 0 : ends.get(index - 1);
    return new String(row, from, ends.get(index) - from, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
