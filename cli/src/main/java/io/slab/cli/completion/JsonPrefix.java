package io.slab.cli.completion;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Where the end of a piece of JSON that is being typed stands: after which name, before a name or a
 * value, and what of that is there already.
 *
 * @param field the nearest name around the end that is no operator, or null
 * @param piece the begun name or value, with its quote; empty where none is begun
 * @param start where the piece begins
 * @param closing the brackets that are still to come
 */
public record JsonPrefix(Place place, String field, String piece, int start, String closing) {
  /** What comes next. */
  public enum Place {
    NAME,
    VALUE,
    /** After a whole value: a comma or the end. */
    NOTHING
  }

  /** Where the piece begins in a word that has JSON in it; -1 when it has none that is open. */
  public static int pieceStart(String word) {
    int brace = word.indexOf('{');
    int bracket = word.indexOf('[');
    int open = brace < 0 ? bracket : bracket < 0 ? brace : Math.min(brace, bracket);
    return open < 0 ? -1 : of(word).start();
  }

  public static JsonPrefix of(String text) {
    return new Reader(text).read();
  }

  private static final class Reader {
    private final String text;
    private final Deque<Character> open = new ArrayDeque<>();
    private final Deque<String> names = new ArrayDeque<>();
    private Place place = Place.VALUE;
    private String name = "";

    Reader(String text) {
      this.text = text;
    }

    JsonPrefix read() {
      int at = Math.max(0, first());
      while (at < text.length()) {
        char c = text.charAt(at);
        int end = c == '"' ? endOfString(at) : endOfWord(at);
        if (end > at) {
          if (end == text.length() && !(c == '"' && closed(at))) {
            return result(at);
          }
          took(text.substring(at, end));
          at = end;
        } else {
          mark(c);
          at++;
        }
      }
      return result(text.length());
    }

    private int first() {
      for (int i = 0; i < text.length(); i++) {
        if (text.charAt(i) == '{' || text.charAt(i) == '[') {
          return i;
        }
      }
      return -1;
    }

    private boolean closed(int at) {
      int end = endOfString(at);
      return end - at > 1 && text.charAt(end - 1) == '"' && text.charAt(end - 2) != '\\';
    }

    private int endOfString(int from) {
      for (int i = from + 1; i < text.length(); i++) {
        if (text.charAt(i) == '\\') {
          i++;
        } else if (text.charAt(i) == '"') {
          return i + 1;
        }
      }
      return text.length();
    }

    private int endOfWord(int from) {
      int at = from;
      while (at < text.length() && "{}[],: \t\n\"".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return at;
    }

    private void took(String token) {
      if (place == Place.NAME) {
        name =
            token.startsWith("\"") && token.length() > 1
                ? token.substring(1, token.length() - 1)
                : token;
      }
      place = Place.NOTHING;
    }

    private void mark(char c) {
      switch (c) {
        case '{', '[' -> {
          open.push(c);
          names.push(name);
          name = "";
          place = c == '{' ? Place.NAME : Place.VALUE;
        }
        case '}', ']' -> {
          name = names.isEmpty() ? "" : names.pop();
          if (!open.isEmpty()) {
            open.pop();
          }
          place = Place.NOTHING;
        }
        case ',' -> place = !open.isEmpty() && open.peek() == '{' ? Place.NAME : Place.VALUE;
        case ':' -> place = Place.VALUE;
        default -> {}
      }
    }

    private JsonPrefix result(int start) {
      String field = place == Place.VALUE && plain(name) ? name : null;
      for (String outer : names) {
        field = field == null && plain(outer) ? outer : field;
      }
      StringBuilder closing = new StringBuilder();
      open.forEach(bracket -> closing.append(bracket == '{' ? '}' : ']'));
      return new JsonPrefix(place, field, text.substring(start), start, closing.toString());
    }

    private static boolean plain(String name) {
      return !name.isEmpty() && !name.startsWith("$");
    }
  }
}
