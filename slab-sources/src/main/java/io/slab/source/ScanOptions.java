package io.slab.source;

/**
 * How a location is recognised.
 *
 * @param shape what it is, or null to find out
 * @param fields which members or columns are which part of a record
 * @param numbers ids of rows that have none; they run on over all locations that are scanned with
 *     them
 */
public record ScanOptions(Shape shape, FieldMap fields, RowNumbers numbers) {
  public ScanOptions(Shape shape, FieldMap fields) {
    this(shape, fields, RowNumbers.usual());
  }

  /** Find out, usual names, numbers from 0 on. */
  public static ScanOptions defaults() {
    return new ScanOptions(null, FieldMap.USUAL);
  }

  public ScanOptions withShape(Shape wanted) {
    return new ScanOptions(wanted, fields, numbers);
  }

  public ScanOptions withFields(FieldMap map) {
    return new ScanOptions(shape, map, numbers);
  }

  public ScanOptions withNumbers(RowNumbers ids) {
    return new ScanOptions(shape, fields, ids);
  }
}
