package io.slab.json;

/**
 * What is wrong with a JSON text and where; the callers turn it into an error of their own kind.
 */
final class JsonProblem extends Exception {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;
  private final int offset;

  private JsonProblem(String message, int line, int column, int offset) {
    super(message);
    this.line = line;
    this.column = column;
    this.offset = offset;
  }

  /** A problem before so many characters of a text. */
  static JsonProblem at(String text, int offset, String message) {
    int line = 1;
    int start = 0;
    for (int i = 0; i < offset; i++) {
      char c = text.charAt(i);
      boolean pair = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
      if (c == '\n' || c == '\r' && !pair) {
        line++;
        start = i + 1;
      }
    }
    return new JsonProblem(message, line, offset - start + 1, offset);
  }

  /** Characters before the problem. */
  int offset() {
    return offset;
  }

  /** "line 2, column 5, offset 17"; lines and columns count from 1, offsets from 0. */
  String where() {
    return "line " + line + ", column " + column + ", offset " + offset;
  }
}
