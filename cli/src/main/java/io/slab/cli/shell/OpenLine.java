package io.slab.cli.shell;

/**
 * What is missing of a line that comes piece by piece, a piece for each line of the terminal or the
 * script: the same as {@link ReplLine} says of all pieces together, without reading the earlier
 * ones again. One thread only.
 */
final class OpenLine {
  private enum At {
    /** Before the first word, where lines may be comments. */
    START,
    COMMENT,
    WORDS,
    QUOTE,
    JSON
  }

  private At at = At.START;

  /** The mark that ends a quote. */
  private char quote;

  private int depth;

  /** Whether JSON is within a string. */
  private boolean string;

  /** Whether the next character stands behind a backslash. */
  private boolean escaped;

  /** Reads the next piece; all but the first begin with a line feed. */
  void add(String piece) {
    for (int i = 0; i < piece.length(); i++) {
      char c = piece.charAt(i);
      if (escaped) {
        escaped = false;
        continue;
      }
      switch (at) {
        case START -> start(piece, i, c);
        case COMMENT -> at = c == '\n' ? At.START : At.COMMENT;
        case WORDS -> word(c);
        case QUOTE -> {
          escaped = quote == '"' && c == '\\';
          at = c == quote ? At.WORDS : At.QUOTE;
        }
        case JSON -> json(c);
      }
    }
  }

  private void start(String piece, int i, char c) {
    if (ReplLine.isComment(piece, i)) {
      at = At.COMMENT;
    } else if (!Character.isWhitespace(c)) {
      at = At.WORDS;
      word(c);
    }
  }

  private void word(char c) {
    switch (c) {
      case '\'', '"' -> {
        at = At.QUOTE;
        quote = c;
      }
      case '{', '[' -> {
        at = At.JSON;
        depth = 1;
        string = false;
      }
      default -> escaped = c == '\\';
    }
  }

  private void json(char c) {
    if (string) {
      escaped = c == '\\';
      string = c != '"';
    } else if (c == '"') {
      string = true;
    } else if (c == '{' || c == '[') {
      depth++;
    } else if (c == '}' || c == ']') {
      depth--;
      at = depth == 0 ? At.WORDS : At.JSON;
    }
  }

  /** What has to follow ("a quote", "a brace"), or null. */
  String missing() {
    return switch (at) {
      case QUOTE -> "a quote";
      case JSON -> string ? "a quote" : "a brace";
      case WORDS -> escaped ? "another line" : null;
      case START, COMMENT -> null;
    };
  }
}
