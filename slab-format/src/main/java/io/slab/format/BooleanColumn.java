package io.slab.format;

import io.slab.format.file.SlabFileWriter;
import io.slab.format.section.ColumnType;
import io.slab.format.section.ColumnValues;
import io.slab.model.MetaValue;

/** A column of booleans: rank 0 is false, rank 1 true, and no dictionary is stored. */
final class BooleanColumn extends ColumnBuilder {
  /** Both ranks are always there, even when only one occurs. */
  static final int DISTINCT = 2;

  private final ColumnInts ranks;

  BooleanColumn(String field, ColumnSpill spill) {
    super(field, ColumnType.BOOLEAN, spill);
    ranks = new ColumnInts(spill);
  }

  @Override
  void accept(MetaValue value) {
    if (!(value instanceof MetaValue.Bool(boolean truth))) {
      throw new IllegalArgumentException("not a boolean: " + value);
    }
    ranks.add(truth ? 1 : 0);
  }

  @Override
  ColumnValues finish() {
    return new ColumnValues(type(), DISTINCT, rows.toArray(), null, ranks.toArray());
  }

  @Override
  long dictionaryLength() {
    return 0;
  }

  @Override
  void writeDictionary(SlabFileWriter out, int column) {}
}
