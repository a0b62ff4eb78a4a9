package io.slab.ingest;

/**
 * A refused line.
 *
 * @param problem why
 * @param offset where the line begins in its input
 * @param raw its bytes, cut when the line is over the limit
 * @param complete false when {@code raw} was cut
 */
record Reject(RecordProblem problem, long offset, byte[] raw, boolean complete) {
  /** How much of an over-long line is kept. */
  static final int MAX_OVERLONG_BYTES = 1024;
}
