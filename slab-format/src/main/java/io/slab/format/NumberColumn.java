package io.slab.format;

import io.slab.format.file.SlabFileWriter;
import io.slab.format.section.ColumnType;
import io.slab.format.section.ColumnValues;
import io.slab.format.section.NumberDictionary;
import io.slab.model.MetaValue;
import java.util.Arrays;

/** A column of 64-bit floats. */
final class NumberColumn extends ColumnBuilder {
  private double[] values = new double[8];
  private int size;
  private double[] dictionary;

  NumberColumn(String field) {
    super(field, ColumnType.NUMBER);
  }

  @Override
  void accept(MetaValue value) {
    if (!(value instanceof MetaValue.Num(double number)) || !Double.isFinite(number)) {
      throw new IllegalArgumentException("not a finite number: " + value);
    }
    if (size == values.length) {
      values = Arrays.copyOf(values, Math.toIntExact(Math.min(size * 2L, Integer.MAX_VALUE - 8)));
    }
    // Adding 0.0 turns -0.0 into 0.0: filters do not tell them apart.
    values[size++] = number + 0.0;
  }

  @Override
  ColumnValues finish() {
    double[] sorted = Arrays.copyOf(values, size);
    Arrays.sort(sorted);
    int distinct = 0;
    for (double value : sorted) {
      if (distinct == 0 || value != sorted[distinct - 1]) {
        sorted[distinct++] = value;
      }
    }
    dictionary = Arrays.copyOf(sorted, distinct);
    int[] ranks = new int[size];
    for (int i = 0; i < size; i++) {
      ranks[i] = Arrays.binarySearch(dictionary, values[i]);
    }
    values = null;
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
