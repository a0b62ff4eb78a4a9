package io.slab.source;

/**
 * How a location is recognised.
 *
 * @param shape what it is, or null to find out
 * @param fields which members or columns are which part of a record
 * @param numbers ids of rows that have none; they run on over all locations that are scanned with
 *     them
 * @param cells what the cells of tables in text are, over all locations likewise
 */
public record ScanOptions(Shape shape, FieldMap fields, RowNumbers numbers, CellTypes cells) {
  public ScanOptions(Shape shape, FieldMap fields) {
    this(shape, fields, RowNumbers.usual());
  }

  public ScanOptions(Shape shape, FieldMap fields, RowNumbers numbers) {
    this(shape, fields, numbers, new CellTypes());
  }

  /** Find out, usual names, numbers from 0 on. */
  public static ScanOptions defaults() {
    return new ScanOptions(null, FieldMap.USUAL);
  }

  public ScanOptions withShape(Shape wanted) {
    return new ScanOptions(wanted, fields, numbers, cells);
  }

  public ScanOptions withFields(FieldMap map) {
    return new ScanOptions(shape, map, numbers, cells);
  }

  public ScanOptions withNumbers(RowNumbers ids) {
    return new ScanOptions(shape, fields, ids, cells);
  }

  /** For a second look at what is part of no run: it changes nothing for those that are. */
  public ScanOptions apart() {
    return new ScanOptions(shape, fields, RowNumbers.usual(), new CellTypes());
  }
}
