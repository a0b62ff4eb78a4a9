package io.slab.source.json;

import java.time.Instant;
import java.util.Set;

/**
 * Values as MongoDB's tools write those that JSON has no type for: an object of one member, whose
 * name says the type ({@code {"$numberLong": "5"}}, {@code {"$date": "2024-05-01T00:00:00Z"}}).
 * Both forms of the extended JSON that mongoexport writes are read, the canonical and the relaxed
 * one; see "MongoDB Extended JSON (v2)".
 */
final class ExtendedJson {
  private static final Set<String> NUMBERS =
      Set.of("$numberInt", "$numberLong", "$numberDouble", "$numberDecimal");

  private ExtendedJson() {}

  /**
   * Parses a number that stands in such an object, with {@link JsonCursor#number}.
   *
   * @param at where the object begins
   * @return the first byte after its digits, which the quotation mark and the brace follow, or -1
   *     when there is no such number
   */
  static int number(JsonCursor cursor, int at) {
    int from = inside(cursor, at, NUMBERS);
    if (from < 0) {
      return -1;
    }
    int to = cursor.number().parse(cursor.buffer(), from, cursor.end());
    return to >= 0 && after(cursor, to) >= 0 ? to : -1;
  }

  /** Where the object ends whose quoted number ends at {@code to}, or -1. */
  static int after(JsonCursor cursor, int to) {
    if (to >= cursor.end() || cursor.buffer()[to] != '"') {
      return -1;
    }
    int back = cursor.position();
    cursor.moveTo(to + 1);
    int end = cursor.take('}') ? cursor.position() : -1;
    cursor.moveTo(back);
    return end;
  }

  /** Where the first number in an object of this kind begins, or -1. */
  static int digits(JsonCursor cursor, int at) {
    return inside(cursor, at, NUMBERS);
  }

  /**
   * The first byte inside the quoted value of the object's first member, if that is one of these.
   */
  private static int inside(JsonCursor cursor, int at, Set<String> names) {
    int back = cursor.position();
    cursor.moveTo(at);
    int from = -1;
    if (cursor.take('{') && cursor.peek() == '"') {
      boolean known = names.contains(cursor.name(null));
      from = known && cursor.peek() == '"' ? cursor.position() + 1 : -1;
    }
    cursor.moveTo(back);
    return from;
  }

  /**
   * The text of an object id, a UUID or a date, in ISO form; the cursor then stands behind it. It
   * stays where it is when there is none.
   *
   * @param at where the object begins
   * @return null when there is none
   */
  static String text(JsonCursor cursor, int at, String field) {
    cursor.moveTo(at);
    if (cursor.take('{') && cursor.peek() == '"') {
      String text =
          switch (cursor.name(field)) {
            case "$oid", "$uuid" -> cursor.peek() == '"' ? cursor.string(field) : null;
            case "$date" -> date(cursor, field);
            default -> null;
          };
      if (text != null && cursor.take('}')) {
        return text;
      }
    }
    cursor.moveTo(at);
    return null;
  }

  private static String date(JsonCursor cursor, String field) {
    int next = cursor.peek();
    if (next == '"') {
      return cursor.string(field);
    }
    int at = cursor.position();
    int to;
    int end;
    if (next == '{') {
      to = number(cursor, at);
      end = to < 0 ? -1 : after(cursor, to);
    } else {
      to = cursor.number().parse(cursor.buffer(), at, cursor.end());
      end = to;
    }
    double millis = to < 0 ? Double.NaN : cursor.number().doubleValue();
    // Instant reaches further than whole milliseconds in a double do.
    if (!(Math.abs(millis) < 1L << 53) || millis != Math.rint(millis)) {
      return null;
    }
    cursor.moveTo(end);
    return Instant.ofEpochMilli((long) millis).toString();
  }
}
