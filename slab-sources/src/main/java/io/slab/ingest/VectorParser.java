package io.slab.ingest;

import io.slab.model.Limits;
import io.slab.model.RecordRules;
import io.slab.model.SparseVector;
import io.slab.source.Rounding;
import java.util.Arrays;

/** Reads dense and sparse vectors at a {@link JsonCursor}. One thread only. */
public final class VectorParser {
  private static final long MAX_INDEX = 0xFFFF_FFFFL;

  private final JsonCursor cursor;
  private final float[] weights = new float[Limits.MAX_SPARSE_ENTRIES];
  private final int[] indices = new int[Limits.MAX_SPARSE_ENTRIES];

  /** An array that a refused record left unused. */
  private float[] spare;

  private boolean rounded;

  public VectorParser(JsonCursor cursor) {
    this.cursor = cursor;
  }

  /** True when the last list of numbers holds some that are others as 32-bit floats. */
  boolean rounded() {
    return rounded;
  }

  /** A vector of a record that was refused after all; its memory serves the next one. */
  void giveBack(float[] values) {
    spare = values;
  }

  /**
   * Reads an array of exactly {@code dimension} numbers.
   *
   * @return the values, or null when {@code dimension} is 0 and the array is empty
   */
  public float[] dense(String field, int dimension) {
    int start = cursor.position();
    float[] values = spare != null && spare.length == dimension ? spare : new float[dimension];
    spare = values;
    int count = floats(field, values);
    if (dimension == 0 && count > 0) {
      throw new BadRecordException(start, field, RecordRules.denseInSparse());
    }
    if (count != dimension) {
      String message = RecordRules.dimensionMismatch(count, dimension);
      throw new BadRecordException(start, field, message);
    }
    spare = null;
    return dimension == 0 ? null : values;
  }

  /** Reads numbers into {@code target} as far as it reaches; returns how many there are. */
  private int floats(String field, float[] target) {
    rounded = false;
    cursor.expect('[', field, "an array of numbers");
    if (cursor.take(']')) {
      return 0;
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
      if (count < target.length) {
        target[count] = value;
      }
      count++;
      if (next < end && buffer[next] == ',') {
        cursor.moveTo(next + 1);
        continue;
      }
      cursor.moveTo(next);
      if (!cursor.more(']', field)) {
        rounded = number.rounded();
        return count;
      }
    }
  }

  private BadRecordException badNumber(String field, int index, int next) {
    int at = cursor.position();
    String text = cursor.quoteValue(at);
    String where = field.startsWith("sparse") ? "Sparse value " : "Vector value ";
    String message =
        next < 0
            ? where + "'" + text + "' at position " + index + " is not a number"
            : where + text + " at position " + index + " does not fit a 32-bit float";
    return new BadRecordException(at, field + "[" + index + "]", message);
  }

  /** Reads {@code {"indices": [..], "values": [..]}}, members in any order. */
  public SparseVector sparse(String field) {
    int start = cursor.position();
    cursor.expect('{', field, "an object with 'indices' and 'values'");
    int indexCount = -1;
    int weightCount = -1;
    if (!cursor.take('}')) {
      do {
        cursor.peek();
        int at = cursor.position();
        String name = cursor.name(field);
        if (name.equals("indices") ? indexCount >= 0 : name.equals("values") && weightCount >= 0) {
          throw new BadRecordException(at, field, "Member '" + name + "' is given twice");
        }
        switch (name) {
          case "indices" -> indexCount = indices(field + ".indices");
          case "values" -> weightCount = floats(field + ".values", weights);
          default ->
              throw new BadRecordException(
                  at,
                  field,
                  "Unknown member '" + name + "' in '" + field + "' (expected indices, values)");
        }
      } while (cursor.more('}', field));
    }
    return assemble(start, field, indexCount, weightCount);
  }

  private SparseVector assemble(int start, String field, int indexCount, int weightCount) {
    if (indexCount < 0 || weightCount < 0) {
      String missing = indexCount < 0 ? "indices" : "values";
      throw new BadRecordException(start, field, "'" + field + "' has no '" + missing + "'");
    }
    if (indexCount != weightCount) {
      String message =
          "Sparse vector has " + indexCount + " indices but " + weightCount + " values";
      throw new BadRecordException(start, field, message);
    }
    if (indexCount > Limits.MAX_SPARSE_ENTRIES) {
      throw new BadRecordException(start, field, RecordRules.tooManySparse(indexCount));
    }
    return sorted(start, field, indexCount);
  }

  private SparseVector sorted(int start, String field, int count) {
    int unsorted = 1;
    while (unsorted < count
        && Integer.compareUnsigned(indices[unsorted - 1], indices[unsorted]) < 0) {
      unsorted++;
    }
    if (unsorted < count) {
      sort(start, field, count);
    }
    return new SparseVector(Arrays.copyOf(indices, count), Arrays.copyOf(weights, count));
  }

  /**
   * Sorts by unsigned index: each pair travels as one long whose signed order is the wanted one.
   */
  private void sort(int start, String field, int count) {
    long[] pairs = new long[count];
    for (int i = 0; i < count; i++) {
      long high = (long) (indices[i] ^ Integer.MIN_VALUE) << 32;
      pairs[i] = high | Float.floatToRawIntBits(weights[i]) & MAX_INDEX;
    }
    Arrays.sort(pairs);
    for (int i = 0; i < count; i++) {
      indices[i] = (int) (pairs[i] >>> 32) ^ Integer.MIN_VALUE;
      weights[i] = Float.intBitsToFloat((int) pairs[i]);
      if (i > 0 && indices[i] == indices[i - 1]) {
        String message = "Sparse index " + Integer.toUnsignedString(indices[i]) + " is given twice";
        throw new BadRecordException(start, field + ".indices", message);
      }
    }
  }

  private int indices(String field) {
    cursor.expect('[', field, "an array of indices");
    if (cursor.take(']')) {
      return 0;
    }
    int count = 0;
    do {
      int index = index(field, count);
      if (count < indices.length) {
        indices[count] = index;
      }
      count++;
    } while (cursor.more(']', field));
    return count;
  }

  /** Reads one unsigned 32-bit integer, digits only. */
  private int index(String field, int position) {
    cursor.peek();
    int start = cursor.position();
    byte[] buffer = cursor.buffer();
    int p = start;
    long value = 0;
    while (p < cursor.end() && buffer[p] >= '0' && buffer[p] <= '9' && value <= MAX_INDEX) {
      value = value * 10 + buffer[p++] - '0';
    }
    int next = cursor.number().parse(buffer, start, cursor.end());
    if (p == start || next != p || value > MAX_INDEX) {
      String message =
          "Sparse index "
              + cursor.quoteValue(start)
              + " at position "
              + position
              + " is not an integer between 0 and 4294967295";
      throw new BadRecordException(start, field + "[" + position + "]", message);
    }
    cursor.moveTo(p);
    return (int) value;
  }
}
