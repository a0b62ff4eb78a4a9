package io.slab.source;

/**
 * How a location is recognised.
 *
 * @param shape what it is, or null to find out
 * @param fields which members or columns are which part of a record
 */
public record ScanOptions(Shape shape, FieldMap fields) {
  /** Find out, usual names. */
  public static ScanOptions defaults() {
    return new ScanOptions(null, FieldMap.USUAL);
  }

  public ScanOptions withShape(Shape wanted) {
    return new ScanOptions(wanted, fields);
  }

  public ScanOptions withFields(FieldMap map) {
    return new ScanOptions(shape, map);
  }
}
