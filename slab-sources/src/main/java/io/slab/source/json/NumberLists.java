package io.slab.source.json;

import io.slab.model.Limits;
import io.slab.model.SparseVector;
import io.slab.source.Rounding;
import io.slab.source.SparsePairs;
import java.util.Arrays;

/**
 * Reads lists of numbers of any length up to a limit at a {@link JsonCursor}, and vectors made of
 * them. One thread only.
 */
public final class NumberLists {
  private static final long MAX_INDEX = 0xFFFF_FFFFL;

  private final JsonCursor cursor;

  /**
   * The array that the next list is read into. As vectors mostly have one length, it mostly becomes
   * the vector itself, without a copy.
   */
  private float[] floats = new float[256];

  private long[] longs = new long[64];

  private boolean rounded;

  public NumberLists(JsonCursor cursor) {
    this.cursor = cursor;
  }

  /** True when the last list of floats holds numbers that are others as 32-bit floats. */
  public boolean rounded() {
    return rounded;
  }

  /** A list of at most {@link Limits#MAX_DIMENSION} floats, in an array of its own. */
  public float[] floats(String field) {
    rounded = false;
    cursor.expect('[', field, "an array of numbers");
    if (cursor.take(']')) {
      return new float[0];
    }
    FloatParser number = cursor.number();
    number.watch();
    byte[] buffer = cursor.buffer();
    int end = cursor.end();
    float[] list = floats;
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
      if (count == list.length) {
        list = grown(list, field);
      }
      list[count++] = value;
      if (next < end && buffer[next] == ',') {
        cursor.moveTo(next + 1);
        continue;
      }
      cursor.moveTo(next);
      if (!cursor.more(']', field)) {
        rounded = number.rounded();
        floats = new float[count];
        return count == list.length ? list : Arrays.copyOf(list, count);
      }
    }
  }

  /** A list that was read for a record that was refused after all: its memory serves the next. */
  void giveBack(float[] values) {
    floats = values;
  }

  private float[] grown(float[] list, String field) {
    if (list.length >= Limits.MAX_DIMENSION) {
      throw new BadRecordException(
          cursor.position(),
          field,
          "'" + field + "' has more than the limit of " + Limits.MAX_DIMENSION + " numbers");
    }
    return Arrays.copyOf(list, Math.clamp(2L * list.length, 16, Limits.MAX_DIMENSION));
  }

  private BadRecordException badNumber(String field, int index, int next) {
    int at = cursor.position();
    String text = cursor.quoteValue(at);
    String where = field.endsWith(".values") ? "Sparse value " : "Vector value ";
    String message =
        next < 0
            ? where + "'" + text + "' at position " + index + " is not a number"
            : where + text + " at position " + index + " does not fit a 32-bit float";
    return new BadRecordException(at, field + "[" + index + "]", message);
  }

  /** False for a fraction, even one that a 64-bit float no longer tells from a whole number. */
  private boolean isWhole(int from, int to, double value) {
    return value == Math.rint(value) && Rounding.ofText(cursor.buffer(), from, to, value) == null;
  }

  /** A list of unsigned 32-bit integers; a fraction of zero ({@code 7.0}) is let pass. */
  private long[] indices(String field) {
    cursor.expect('[', field, "an array of indices");
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

  /**
   * A sparse vector, {@code {"indices": [..], "values": [..]}}, with its indices in any order.
   *
   * @return null for one without entries
   */
  public SparseVector sparse(String field) {
    int at = cursor.position();
    cursor.expect('{', field, "an object with 'indices' and 'values'");
    long[] numbers = new long[0];
    float[] weights = new float[0];
    boolean indicesSeen = false;
    boolean valuesSeen = false;
    if (!cursor.take('}')) {
      do {
        cursor.peek();
        int memberAt = cursor.position();
        String name = cursor.name(field);
        if (name.equals("indices") ? indicesSeen : name.equals("values") && valuesSeen) {
          throw new BadRecordException(
              memberAt, field, "Member '" + name + "' of '" + field + "' is given twice");
        }
        indicesSeen |= name.equals("indices");
        valuesSeen |= name.equals("values");
        boolean absent = cursor.peek() == 'n' && cursor.literal("null");
        switch (name) {
          case "indices" -> numbers = absent ? numbers : indices(field + ".indices");
          case "values" -> weights = absent ? weights : floats(field + ".values");
          default ->
              throw new BadRecordException(
                  memberAt,
                  field,
                  "Unknown member '" + name + "' in '" + field + "' (expected indices, values)");
        }
      } while (cursor.more('}', field));
    }
    try {
      return SparsePairs.of(numbers, weights);
    } catch (IllegalArgumentException e) {
      throw new BadRecordException(at, field, e.getMessage());
    }
  }
}
