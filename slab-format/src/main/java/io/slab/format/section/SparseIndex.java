package io.slab.format.section;

/**
 * The sparse parts of a slab's rows turned around: for a dimension, the rows that have it. Rows are
 * cut into windows of {@link #windowRows} consecutive ones, and every list knows the weights' range
 * in each of its windows. Thread-safe.
 */
public interface SparseIndex {
  /** Rows of the slab. */
  int rows();

  /** Rows of a window, a power of two and at most 65,536; the last window may have fewer. */
  int windowRows();

  /** Number of windows. */
  default int windows() {
    return (int) ((rows() + (long) windowRows() - 1) / windowRows());
  }

  /**
   * The rows that have a dimension; null when none has.
   *
   * @param dimension an unsigned 32-bit number
   */
  SparsePostings find(int dimension);

  /** Fetches at once what {@link #find} is going to read of a remote slab. */
  default void announce(int[] dimensions) {}
}
