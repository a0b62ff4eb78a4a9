package io.slab.format;

import io.slab.format.file.SlabFileWriter;
import io.slab.format.section.ColumnType;
import io.slab.format.section.ColumnValues;
import io.slab.format.section.NumberDictionary;
import io.slab.model.MetaValue;
import java.util.Arrays;

/** A column of 64-bit floats. */
final class NumberColumn extends ColumnBuilder {
  /** The lower and the upper halves of the bits of each value. */
  private final ColumnInts low;

  private final ColumnInts high;
  private double[] dictionary;

  NumberColumn(String field, ColumnSpill spill) {
    super(field, ColumnType.NUMBER, spill);
    low = new ColumnInts(spill);
    high = new ColumnInts(spill);
  }

  @Override
  void accept(MetaValue value) {
    if (!(value instanceof MetaValue.Num(double number)) || !Double.isFinite(number)) {
      throw new IllegalArgumentException("not a finite number: " + value);
    }
    // Adding 0.0 turns -0.0 into 0.0: filters do not tell them apart.
    long bits = Double.doubleToRawLongBits(number + 0.0);
    low.add((int) bits);
    high.add((int) (bits >>> 32));
  }

  private double value(int i) {
    return Double.longBitsToDouble((long) high.get(i) << 32 | Integer.toUnsignedLong(low.get(i)));
  }

  @Override
  ColumnValues finish() {
    double[] sorted = new double[low.size()];
    Arrays.setAll(sorted, this::value);
    Arrays.sort(sorted);
    int distinct = 0;
    for (double value : sorted) {
      if (distinct == 0 || value != sorted[distinct - 1]) {
        sorted[distinct++] = value;
      }
    }
    dictionary = distinct == sorted.length ? sorted : Arrays.copyOf(sorted, distinct);
    int[] ranks = new int[sorted.length];
    for (int i = 0; i < ranks.length; i++) {
      ranks[i] = Arrays.binarySearch(dictionary, value(i));
    }
    return new ColumnValues(type(), distinct, rows.toArray(), null, ranks);
  }

  @Override
  long dictionaryLength() {
    return 8L * dictionary.length;
  }

  @Override
  void writeDictionary(SlabFileWriter out, int column) {
    NumberDictionary.write(out, column, dictionary);
  }
}
