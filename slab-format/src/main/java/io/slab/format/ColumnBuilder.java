package io.slab.format;

import io.slab.format.file.SlabFileWriter;
import io.slab.format.section.ColumnType;
import io.slab.format.section.ColumnValues;
import io.slab.model.MetaValue;

/**
 * Collects the values of one column and turns them into a dictionary and ranks. Memory: the
 * distinct values, and of long columns up to three megabytes: the rest of up to 12 bytes per row
 * that has a value plus 4 per list element waits in a scratch file. One thread only.
 */
abstract sealed class ColumnBuilder permits StringColumn, NumberColumn, BooleanColumn {
  private final String field;
  private final ColumnType type;
  final ColumnInts rows;

  ColumnBuilder(String field, ColumnType type, ColumnSpill spill) {
    this.field = field;
    this.type = type;
    this.rows = new ColumnInts(spill);
  }

  /**
   * A column without values yet.
   *
   * @param spill for what is too much for memory; null to keep all there
   */
  static ColumnBuilder of(String field, ColumnType type, ColumnSpill spill) {
    return switch (type) {
      case STRING, LIST -> new StringColumn(field, type, spill);
      case NUMBER -> new NumberColumn(field, spill);
      case BOOLEAN -> new BooleanColumn(field, spill);
    };
  }

  /** The column type of a value. */
  static ColumnType typeOf(MetaValue value) {
    if (value instanceof MetaValue.Str) {
      return ColumnType.STRING;
    }
    if (value instanceof MetaValue.Num) {
      return ColumnType.NUMBER;
    }
    return value instanceof MetaValue.Bool ? ColumnType.BOOLEAN : ColumnType.LIST;
  }

  final String field() {
    return field;
  }

  final ColumnType type() {
    return type;
  }

  /** Adds the value of a row; rows ascend. */
  final void add(int row, MetaValue value) {
    rows.add(row);
    accept(value);
  }

  abstract void accept(MetaValue value);

  /** Sorts out the ranks. Call once, after the last row. */
  abstract ColumnValues finish();

  /** Bytes of the COLUMN_DICT section, 0 when the column has none; after {@link #finish}. */
  abstract long dictionaryLength();

  /** Writes COLUMN_DICT, if the column has one; after {@link #finish}. */
  abstract void writeDictionary(SlabFileWriter out, int column);
}
