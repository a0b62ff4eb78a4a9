package io.slab.inspect;

import io.slab.model.MetaValue;

/**
 * One bitmap of a column.
 *
 * @param column column id
 * @param field the column's field
 * @param type the column's type
 * @param rank of the value in the dictionary, -1 for the presence bitmap
 * @param value the value, null for the presence bitmap
 * @param cardinality rows in it
 * @param offset first byte in the file, -1 when nothing is stored (no row, or one, which stands in
 *     the bitmap dictionary)
 * @param length bytes stored
 * @param row the only row, -1 unless the cardinality is 1
 */
public record BitmapInfo(
    int column,
    String field,
    String type,
    int rank,
    MetaValue value,
    long cardinality,
    long offset,
    long length,
    long row) {}
