package io.slab.cli.shell;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of the interactive shell cut into words, as a shell would, with one addition: where a
 * bracket or brace opens, a word goes on to its end, over all that stands between, so that JSON
 * needs no quotes around it. Lines before the first word that begin with {@code #}, or with {@code
 * --} and a blank as in SQL, are for the reader of a script and are no words.
 *
 * @param words what stands there, without quotes
 * @param missing what has to follow before the line is complete ("a quote", "a brace"), or null
 * @param first where the first word begins, at the end of the text when there is none
 * @param start where the last word begins, at the end of the text when none was begun
 */
record ReplLine(List<Word> words, String missing, int first, int start) {
  /**
   * A word.
   *
   * @param plain true when nothing in it was quoted, so that variables in it are meant
   */
  record Word(String text, boolean plain) {}

  ReplLine {
    words = List.copyOf(words);
  }

  static ReplLine of(String text) {
    return new Reader(text).read();
  }

  /** Whether a text begins with a line for its reader alone. */
  static boolean isComment(String text) {
    return isComment(text, 0);
  }

  /** Whether one begins at a place. */
  static boolean isComment(String text, int at) {
    boolean dashes = text.startsWith("--", at);
    return text.startsWith("#", at)
        || (dashes && (at + 2 == text.length() || Character.isWhitespace(text.charAt(at + 2))));
  }

  private static final class Reader {
    private final String text;
    private final List<Word> words = new ArrayList<>();
    private int at;
    private String missing;

    Reader(String text) {
      this.text = text;
    }

    ReplLine read() {
      int start = text.length();
      skipComments();
      int first = at;
      while (skipSpace()) {
        start = at;
        word();
      }
      boolean begun = !text.isEmpty() && !Character.isWhitespace(text.charAt(text.length() - 1));
      return new ReplLine(words, missing, first, begun || missing != null ? start : text.length());
    }

    private void skipComments() {
      while (skipSpace() && isComment(text, at)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      }
    }

    private boolean skipSpace() {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      return at < text.length();
    }

    private void word() {
      StringBuilder word = new StringBuilder();
      boolean plain = true;
      while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
        char c = text.charAt(at);
        switch (c) {
          case '\'', '"' -> {
            plain = false;
            quoted(c, word);
          }
          case '{', '[' -> {
            plain = false;
            json(word);
          }
          case '\\' -> {
            plain = false;
            at++;
            if (at == text.length()) {
              missing = "another line";
            } else if (text.charAt(at) == '\n') {
              at++;
            } else {
              word.append(text.charAt(at++));
            }
          }
          default -> {
            word.append(c);
            at++;
          }
        }
      }
      words.add(new Word(word.toString(), plain));
    }

    private void quoted(char quote, StringBuilder word) {
      at++;
      while (at < text.length() && text.charAt(at) != quote) {
        boolean escape = quote == '"' && text.charAt(at) == '\\' && at + 1 < text.length();
        at += escape ? 1 : 0;
        word.append(text.charAt(at++));
      }
      if (at == text.length()) {
        missing = "a quote";
      } else {
        at++;
      }
    }

    /** Copies to the brace or bracket that closes the one here. */
    private void json(StringBuilder word) {
      int depth = 0;
      boolean string = false;
      do {
        char c = text.charAt(at++);
        word.append(c);
        if (string) {
          if (c == '\\' && at < text.length()) {
            word.append(text.charAt(at++));
          }
          string = c != '"';
        } else if (c == '"') {
          string = true;
        } else if (c == '{' || c == '[') {
          depth++;
        } else if (c == '}' || c == ']') {
          depth--;
        }
      } while (depth > 0 && at < text.length());
      if (depth > 0) {
        missing = string ? "a quote" : "a brace";
      }
    }
  }
}
