package io.slab.format.section;

/**
 * META_ROWS: all metadata, row by row, in zstd blocks; META_BLOCKS (hot) says where the blocks are.
 *
 * <pre>
 * META_BLOCKS, per block 24 bytes:
 *   0  8  offset in META_ROWS     12  4  raw length       20  4  rows
 *   8  4  stored length           16  4  first row
 * block of META_ROWS: rows back to back. Row: uvarint field count, then per field in ascending order of field ids
 *   uvarint field id (index in "fields" of the manifest) | u8 tag | payload, as in {@link MetadataCodec}
 * </pre>
 *
 * A block closes before the row that would take it past 65,536 raw bytes; a larger row has a block
 * of its own.
 */
public final class MetaRowsLayout {
  /** Raw bytes at which a block closes. */
  public static final int BLOCK_BYTES = 1 << 16;

  static final int TABLE_ENTRY_BYTES = 24;

  private MetaRowsLayout() {}
}
