package io.slab.json;

import tools.jackson.core.TokenStreamLocation;

/**
 * What is wrong with a JSON text and where; the callers turn it into an error of their own kind.
 */
final class JsonProblem extends Exception {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;
  private final long offset;

  JsonProblem(String message, TokenStreamLocation at) {
    super(message);
    line = Math.max(1, at.getLineNr());
    column = Math.max(1, at.getColumnNr());
    offset = Math.max(0, at.getCharOffset());
  }

  /** Characters before the problem. */
  long offset() {
    return offset;
  }

  /** "line 2, column 5, offset 17"; lines and columns count from 1, offsets from 0. */
  String where() {
    return "line " + line + ", column " + column + ", offset " + offset;
  }
}
