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
        boolean wrapped = next < 0 && cursor.peek() == '{';
        if (wrapped) {
          next = ExtendedJson.number(cursor, cursor.position());
          value = next < 0 ? Float.NaN : number.floatValue();
        }
        if (!(Math.abs(value) <= Float.MAX_VALUE)) {
          throw badNumber(field, count, next);
        }
        number.look(value);
        next = wrapped ? ExtendedJson.after(cursor, next) : next;
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
      add(count, index(field, count));
      count++;
    } while (cursor.more(']', field));
    return Arrays.copyOf(longs, count);
  }

  private void add(int place, long index) {
    if (place == longs.length) {
      longs = Arrays.copyOf(longs, 2 * place);
    }
    longs[place] = index;
  }

  private long index(String field, int place) {
    cursor.peek();
    int at = cursor.position();
    int next = cursor.number().parse(cursor.buffer(), at, cursor.end());
    double value = next < 0 ? -1 : cursor.number().doubleValue();
    if (value < 0 || value > MAX_INDEX || !isWhole(at, next, value)) {
      throw badIndex(at, field, place, cursor.quoteValue(at));
    }
    cursor.moveTo(next);
    return (long) value;
  }

  private static BadRecordException badIndex(int at, String field, int place, String text) {
    String message =
        "Sparse index "
            + text
            + " at position "
            + place
            + " is not an integer between 0 and 4294967295";
    return new BadRecordException(at, field + "[" + place + "]", message);
  }

  /** One weight, of which {@link #rounded} is told. */
  private void weight(String field, int place) {
    cursor.peek();
    FloatParser number = cursor.number();
    number.watch();
    int next = number.parse(cursor.buffer(), cursor.position(), cursor.end());
    float value = next < 0 ? Float.NaN : number.floatValue();
    if (!(Math.abs(value) <= Float.MAX_VALUE)) {
      throw badNumber(field + ".values", place, next);
    }
    if (Math.abs(value) >= Rounding.WHOLE_FLOATS) {
      number.look(value);
    }
    rounded |= number.rounded();
    if (place == floats.length) {
      floats = grown(floats, field);
    }
    floats[place] = value;
    cursor.moveTo(next);
  }

  /**
   * A sparse vector, with its indices in any order: {@code {"indices": [..], "values": [..]}},
   * {@code {"12": 0.5, "7": 1}} or {@code [[12, 0.5], [7, 1]]}.
   *
   * @return null for one without entries
   */
  public SparseVector sparse(String field) {
    int at = cursor.position();
    rounded = false;
    if (cursor.peek() == '[') {
      return pairs(field, at);
    }
    cursor.expect('{', field, "an object with 'indices' and 'values'");
    if (cursor.take('}')) {
      return null;
    }
    int first = cursor.position();
    String name = cursor.name(field);
    return isIndex(name) ? byIndex(field, at, name) : lists(field, at, first, name);
  }

  private static boolean isIndex(String name) {
    return !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** A list of pairs, at its bracket. */
  private SparseVector pairs(String field, int at) {
    cursor.expect('[', field, "pairs of index and weight");
    int count = 0;
    if (!cursor.take(']')) {
      do {
        cursor.expect(
            '[', field, "a pair [index, weight], or an object with 'indices' and 'values'");
        add(count, index(field, count));
        cursor.expect(',', field, "a comma and a weight");
        weight(field, count);
        cursor.expect(']', field, "the end of the pair");
        count++;
      } while (cursor.more(']', field));
    }
    return vector(field, at, count);
  }

  /** An object with a member for each index, after the name of the first one. */
  private SparseVector byIndex(String field, int at, String first) {
    int count = 0;
    String name = first;
    while (true) {
      int place = cursor.position();
      long index = isIndex(name) && name.length() <= 10 ? Long.parseLong(name) : -1;
      if (index < 0 || index > MAX_INDEX) {
        throw badIndex(place, field, count, "'" + name + "'");
      }
      add(count, index);
      weight(field, count);
      count++;
      if (!cursor.more('}', field)) {
        return vector(field, at, count);
      }
      name = cursor.name(field);
    }
  }

  private SparseVector vector(String field, int at, int count) {
    return vector(field, at, Arrays.copyOf(longs, count), Arrays.copyOf(floats, count));
  }

  private static SparseVector vector(String field, int at, long[] indices, float[] weights) {
    try {
      return SparsePairs.of(indices, weights);
    } catch (IllegalArgumentException e) {
      throw new BadRecordException(at, field, e.getMessage());
    }
  }

  /** An object of two lists, after the name of its first member. */
  private SparseVector lists(String field, int at, int first, String firstName) {
    long[] numbers = new long[0];
    float[] weights = new float[0];
    boolean indicesSeen = false;
    boolean valuesSeen = false;
    int memberAt = first;
    String name = firstName;
    while (true) {
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
      if (!cursor.more('}', field)) {
        return vector(field, at, numbers, weights);
      }
      cursor.peek();
      memberAt = cursor.position();
      name = cursor.name(field);
    }
  }
}
