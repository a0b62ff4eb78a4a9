package io.slab.source.json;

import io.slab.ingest.BadRecordException;
import io.slab.ingest.FloatParser;
import io.slab.ingest.JsonCursor;
import io.slab.model.Limits;
import io.slab.source.Rounding;
import java.util.Arrays;

/** Reads lists of numbers of any length up to a limit at a {@link JsonCursor}. One thread only. */
final class NumberLists {
  private static final long MAX_INDEX = 0xFFFF_FFFFL;

  private final JsonCursor cursor;
  private float[] floats = new float[1024];
  private long[] longs = new long[64];

  private boolean rounded;

  NumberLists(JsonCursor cursor) {
    this.cursor = cursor;
  }

  /** True when the last list of floats holds numbers that are others as 32-bit floats. */
  boolean rounded() {
    return rounded;
  }

  /** A list of at most {@link Limits#MAX_DIMENSION} floats, in an array of its own. */
  float[] floats(String field) {
    rounded = false;
    cursor.expect('[', field, "a list of numbers");
    if (cursor.take(']')) {
      return new float[0];
    }
    FloatParser number = cursor.number();
    number.watch();
    byte[] buffer = cursor.buffer();
    int end = cursor.end();
    int count = 0;
    while (true) {
      cursor.peek();
      int next = number.parse(buffer, cursor.position(), end);
      float value = next < 0 ? Float.NaN : number.floatValue();
      if (!(Math.abs(value) < Rounding.WHOLE_FLOATS)) {
        if (!(Math.abs(value) <= Float.MAX_VALUE)) {
          throw badNumber(field, count, next);
        }
        number.look(value);
      }
      if (count == floats.length) {
        grow(field, count);
      }
      floats[count++] = value;
      if (next < end && buffer[next] == ',') {
        cursor.moveTo(next + 1);
        continue;
      }
      cursor.moveTo(next);
      if (!cursor.more(']', field)) {
        rounded = number.rounded();
        return Arrays.copyOf(floats, count);
      }
    }
  }

  private void grow(String field, int count) {
    if (count >= Limits.MAX_DIMENSION) {
      throw new BadRecordException(
          cursor.position(),
          field,
          "'" + field + "' has more than the limit of " + Limits.MAX_DIMENSION + " numbers");
    }
    floats = Arrays.copyOf(floats, Math.min(2 * count, Limits.MAX_DIMENSION));
  }

  private BadRecordException badNumber(String field, int index, int next) {
    int at = cursor.position();
    String text = cursor.quoteValue(at);
    String message =
        next < 0
            ? "Vector value '" + text + "' at position " + index + " is not a number"
            : "Vector value " + text + " at position " + index + " does not fit a 32-bit float";
    return new BadRecordException(at, field + "[" + index + "]", message);
  }

  /** False for a fraction, even one that a 64-bit float no longer tells from a whole number. */
  private boolean isWhole(int from, int to, double value) {
    return value == Math.rint(value) && Rounding.ofText(cursor.buffer(), from, to, value) == null;
  }

  /** A list of unsigned 32-bit integers; a fraction of zero ({@code 7.0}) is let pass. */
  long[] indices(String field) {
    cursor.expect('[', field, "a list of indices");
    if (cursor.take(']')) {
      return new long[0];
    }
    int count = 0;
    do {
      cursor.peek();
      int at = cursor.position();
      int next = cursor.number().parse(cursor.buffer(), at, cursor.end());
      double value = next < 0 ? -1 : cursor.number().doubleValue();
      if (value < 0 || value > MAX_INDEX || !isWhole(at, next, value)) {
        String message =
            "Sparse index "
                + cursor.quoteValue(at)
                + " at position "
                + count
                + " is not an integer between 0 and 4294967295";
        throw new BadRecordException(at, field + "[" + count + "]", message);
      }
      if (count == longs.length) {
        longs = Arrays.copyOf(longs, 2 * count);
      }
      longs[count++] = (long) value;
      cursor.moveTo(next);
    } while (cursor.more(']', field));
    return Arrays.copyOf(longs, count);
  }
}
