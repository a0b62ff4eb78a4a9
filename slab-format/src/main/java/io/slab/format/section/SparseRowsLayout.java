package io.slab.format.section;

/**
 * SPARSE_ROWS: the sparse part of every row.
 *
 * <pre>
 * 0   8 * (rows + 1)  u64 offsets from the section's start; the first is 8 * (rows + 1), the last the section's length
 * ..                  per row of n = (next offset - offset) / 8 entries: n u32 indices, strictly ascending unsigned,
 *                     then n f32 weights
 * </pre>
 *
 * A row without entries has no sparse part.
 */
public final class SparseRowsLayout {
  static final int OFFSET_BYTES = 8;

  /** Bytes of one entry: index and weight. */
  static final int ITEM_BYTES = 8;

  private SparseRowsLayout() {}
}
