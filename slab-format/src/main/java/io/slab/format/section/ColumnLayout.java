package io.slab.format.section;

/**
 * The sections of one column: the values of one field that have one type. Every distinct value has
 * a rank: its position among the sorted distinct values (booleans: false 0, true 1, always both).
 *
 * <pre>
 * COLUMN_DICT  encoding 1: StringBlocks of the strings in byte order
 *              encoding 2: f64 each, ascending, no NaN, -0.0 stored as 0.0; booleans have no dictionary
 * COLUMN_CODES encoding 1 (string, number, boolean): per row rank + 1 or 0 for absent, bit-packed, param = width
 *              encoding 2 (list): u32 offset[rows + 1] in items, zeros up to a multiple of 8, then the distinct ranks of
 *              each row ascending, bit-packed, param = width
 * BITMAP_DICT  per bitmap 16 bytes: u32 cardinality | u32 length | u64 offset in BITMAP_DATA. Bitmap 0 is presence,
 *              bitmap r + 1 the rows with rank r. Cardinality 1: the length field is the row and there is no data;
 *              cardinality 0: no data, the rest zero
 * BITMAP_DATA  portable roaring bitmaps, each from a multiple of 8 on
 * RANK_SLICES  (number) per bit of the largest rank, highest first, 16 bytes as in BITMAP_DICT with the offset from the
 *              section's start, then the bitmaps likewise: the rows whose rank has that bit. Cardinality 1 has data here
 * </pre>
 */
public final class ColumnLayout {
  public static final int DICT_STRINGS = 1;
  public static final int DICT_NUMBERS = 2;
  public static final int CODES_SINGLE = 1;
  public static final int CODES_LIST = 2;

  /** Bytes that describe one bitmap. */
  static final int BITMAP_ENTRY_BYTES = 16;

  static final int BITMAP_ALIGNMENT = 8;

  private ColumnLayout() {}

  /** Width of the codes of a column with one value per row. */
  public static int singleWidth(int distinct) {
    return io.slab.bytes.BitPacking.width(distinct);
  }

  /** Width of the ranks of a list column. */
  public static int listWidth(int distinct) {
    return Math.max(1, slices(distinct));
  }

  /** Bits of the largest rank: the number of rank slices. */
  public static int slices(int distinct) {
    return distinct == 0 ? 0 : io.slab.bytes.BitPacking.width(distinct - 1L);
  }
}
