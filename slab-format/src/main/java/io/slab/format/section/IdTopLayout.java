package io.slab.format.section;

/**
 * ID_TOP: the first id of each block of ID_BLOCKS, read with the hot tail so that a lookup touches
 * one block.
 *
 * <pre>
 * 0  4 * (blocks + 1)  text offsets, from the first text byte; the first is 0, the last the length of the text
 * ..                   the ids, concatenated
 * </pre>
 */
public final class IdTopLayout {
  static final int OFFSET_BYTES = 4;

  private IdTopLayout() {}
}
