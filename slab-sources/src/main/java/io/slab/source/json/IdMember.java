package io.slab.source.json;

/**
 * Reads the id of a record: a string, a whole number, or an object that MongoDB's tools write for
 * one. One thread only.
 */
final class IdMember {
  private final JsonCursor cursor;
  private boolean number;

  IdMember(JsonCursor cursor) {
    this.cursor = cursor;
  }

  /** True when the last id was a number in the text. */
  boolean number() {
    return number;
  }

  /**
   * Reads the value at the cursor.
   *
   * @param name the member's
   * @param next the value's first byte
   */
  String read(String name, int next) {
    number = false;
    if (next == '"') {
      return cursor.string(name);
    }
    int at = cursor.position();
    if (next == '{') {
      return object(name, at);
    }
    int end = cursor.number().parse(cursor.buffer(), at, cursor.end());
    String text = end < 0 ? "" : cursor.number().text();
    if (end < 0 || text.indexOf('.') >= 0 || text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
      throw refused(name, at, next < 0 ? "nothing" : "'" + cursor.quoteValue(at) + "'");
    }
    cursor.moveTo(end);
    number = true;
    return text;
  }

  /** An id as mongoexport writes it: {@code {"$oid": "65f0..."}}, a UUID or a number. */
  private String object(String name, int at) {
    String text = ExtendedJson.text(cursor, at, name);
    if (text != null) {
      return text;
    }
    int to = ExtendedJson.number(cursor, at);
    String digits = to < 0 ? "." : cursor.number().text();
    if (digits.chars().anyMatch(c -> c != '-' && (c < '0' || c > '9'))) {
      throw refused(name, at, "'" + cursor.quoteValue(at) + "'");
    }
    cursor.moveTo(ExtendedJson.after(cursor, to));
    number = true;
    return digits;
  }

  private static BadRecordException refused(String name, int at, String got) {
    return new BadRecordException(at, name, "Vector ID must be a string, got " + got);
  }
}
