package io.slab.format.section;

import io.slab.model.Limits;

/**
 * Sorted, distinct byte strings in front-coded blocks: the layout of ID_BLOCKS, TOMBSTONES and the
 * string form of COLUMN_DICT (spec/slab-file.md, "String blocks").
 *
 * <pre>
 * 0  4  strings per block (all but the last block hold exactly that many)
 * 4  4  blocks
 * 8     per block 16 bytes: u64 offset from the section's start, u32 stored length, u32 raw length
 * ..    the blocks back to back; a block is a zstd frame where stored &lt; raw, plain where stored == raw
 *
 * block: per string  uvarint shared (0 for the first) | uvarint length of the suffix | suffix
 * </pre>
 *
 * With encoding {@link #NUMBERED}, which only ID_BLOCKS may have, each block is followed by one u32
 * for each of its strings: the row of that id. They are not compressed and not counted in the
 * table.
 */
public final class StringBlocksLayout {
  public static final int HEADER_BYTES = 8;
  public static final int TABLE_ENTRY_BYTES = 16;

  /** Encoding of a section whose strings carry a number each. */
  public static final int NUMBERED = 2;

  /** Bytes of one number. */
  public static final int NUMBER_BYTES = 4;

  /** Strings per block of ids and tombstones. */
  public static final int IDS_PER_BLOCK = 256;

  /** Strings per block of a column's dictionary. */
  public static final int VALUES_PER_BLOCK = 64;

  /** Most strings per block that a reader accepts. */
  public static final int MAX_PER_BLOCK = 1_024;

  /** Longest value of a dictionary: no metadata string can be longer than the metadata. */
  public static final int MAX_VALUE_BYTES = Limits.MAX_METADATA_BYTES;

  private StringBlocksLayout() {}
}
