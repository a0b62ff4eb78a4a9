package io.slab.writer;

import io.slab.format.SlabInput;

/**
 * Rows that become slabs without passing the log: in ascending order of their id bytes, without two
 * of one id, each within the rules of the index; {@link BulkLoad} refuses others. Passes may run
 * side by side.
 */
public interface BulkRows {
  /** How many, at least one. */
  int rows();

  /** About how many bytes they take, by which they are split into slabs. */
  long bytes();

  /**
   * The rows from {@code from} to {@code to}, exclusive.
   *
   * @param lsn what each of them says as its LSN
   */
  SlabInput part(int from, int to, long lsn);
}
