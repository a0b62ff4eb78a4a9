package io.slab.source.parquet;

import io.slab.source.Rounding;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;

/** Reads a list of numbers as 32-bit floats, whole runs at a time. One thread only. */
final class FloatsReader extends NodeReader {
  private final LeafCursor cursor;
  private final int elementsAt;
  private final int repetition;
  private final boolean signed;
  private final LeafValues values;
  private float[] floats = new float[1024];
  private int count;
  private boolean rounded;
  private boolean nulls;
  private Unreadable unreadable;

  /**
   * @param type of the elements, which are numbers
   * @param elementsAt definition level of a list with elements
   */
  FloatsReader(LeafCursor cursor, ColumnType type, int elementsAt) {
    super(List.of(cursor));
    this.cursor = cursor;
    this.elementsAt = elementsAt;
    repetition = cursor.leaf().maxRepetition();
    signed = type.meaning() == ColumnType.Meaning.SIGNED;
    values = new LeafValues(cursor.leaf(), type);
  }

  /** The floats of the next list in an array of their own; null for a null or empty list. */
  @Override
  float[] read() {
    rounded = false;
    nulls = false;
    unreadable = null;
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
        rounded |= Rounding.isRounded(exact, value);
        floats[count + i] = value;
      }
    } else if (signed) {
      for (int i = 0; i < run; i++) {
        whole(window.longs[from + i], count + i);
      }
    } else {
      for (int i = 0; i < run; i++) {
        number(values.of(window, from + i), count + i);
      }
    }
    count += run;
  }

  private void whole(long exact, int at) {
    floats[at] = exact;
    // The largest long would pass for 2^63, which is one more.
    rounded |= (long) floats[at] != exact || floats[at] == 0x1p63f;
  }

  private void number(Object value, int at) {
    switch (value) {
      case Long exact -> whole(exact, at);
      // 16 bits fit 32.
      case Double half -> floats[at] = half.floatValue();
      case BigDecimal exact -> {
        floats[at] = exact.floatValue();
        rounded |= Rounding.isRounded(exact.toPlainString(), floats[at]);
      }
      case Unreadable found -> unreadable = found;
      default -> throw new IllegalStateException(value.getClass() + " in a list of numbers");
    }
  }

  /** An element of the last list that cannot be read, or null. */
  Unreadable unreadable() {
    return unreadable;
  }

  /** True when an element of the last list was {@linkplain Rounding#isRounded rounded}. */
  boolean rounded() {
    return rounded;
  }

  /** True when an element of the last list was null and was passed over. */
  boolean hasNulls() {
    return nulls;
  }
}
