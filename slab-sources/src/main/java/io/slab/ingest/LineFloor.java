package io.slab.ingest;

/**
 * Which lines a resumed job leaves out.
 *
 * @param input number of the input it begins in
 * @param line first line it reads there
 */
record LineFloor(int input, long line) {
  /** First line to read of an input. */
  long of(int wanted) {
    return wanted == input ? line : 1;
  }
}
