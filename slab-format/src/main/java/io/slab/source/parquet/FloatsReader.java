package io.slab.source.parquet;

import java.util.Arrays;
import java.util.List;
import org.apache.parquet.format.Type;

/** Reads a list of numbers as 32-bit floats, whole runs at a time. One thread only. */
final class FloatsReader extends NodeReader {
  private final LeafCursor cursor;
  private final int elementsAt;
  private final int repetition;
  private final boolean half;
  private float[] floats = new float[1024];
  private int count;
  private boolean rounded;
  private boolean nulls;

  /**
   * @param elementsAt definition level of a list with elements
   */
  FloatsReader(LeafCursor cursor, int elementsAt) {
    super(List.of(cursor));
    this.cursor = cursor;
    this.elementsAt = elementsAt;
    repetition = cursor.leaf().maxRepetition();
    half = cursor.leaf().isHalf();
  }

  /** True for columns whose values are numbers. */
  static boolean isNumeric(SchemaNode leaf) {
    Type type = leaf.element().type;
    return type == Type.FLOAT
        || type == Type.DOUBLE
        || type == Type.INT32
        || type == Type.INT64
        || leaf.isHalf();
  }

  /** The floats of the next list in an array of their own; null for a null or empty list. */
  @Override
  float[] read() {
    rounded = false;
    nulls = false;
    int definition = cursor.definition();
    if (definition < elementsAt) {
      cursor.next();
      return null;
    }
    count = 0;
    boolean first = true;
    do {
      int run = cursor.run(first);
      if (run > 0) {
        take(run);
        cursor.skip(run);
      } else if (cursor.isNull()) {
        nulls = true;
        cursor.next();
      } else {
        take(1);
        cursor.next();
      }
      first = false;
    } while (cursor.repetition() == repetition);
    return Arrays.copyOf(floats, count);
  }

  private void take(int run) {
    if (count + run > floats.length) {
      floats = Arrays.copyOf(floats, Math.max(count + run, 2 * floats.length));
    }
    Window window = cursor.window();
    int from = cursor.index();
    if (window.floats != null) {
      System.arraycopy(window.floats, from, floats, count, run);
    } else if (window.doubles != null) {
      for (int i = 0; i < run; i++) {
        double exact = window.doubles[from + i];
        float value = (float) exact;
        rounded |= value != exact && exact == exact;
        floats[count + i] = value;
      }
    } else if (half) {
      for (int i = 0; i < run; i++) {
        floats[count + i] = LeafValues.half(window.bytes[from + i]);
      }
    } else {
      for (int i = 0; i < run; i++) {
        long exact = window.longs[from + i];
        floats[count + i] = exact;
        rounded |= (long) floats[count + i] != exact;
      }
    }
    count += run;
  }

  /** True when an element of the last list is no 32-bit float. */
  boolean rounded() {
    return rounded;
  }

  /** True when an element of the last list was null and was passed over. */
  boolean hasNulls() {
    return nulls;
  }
}
