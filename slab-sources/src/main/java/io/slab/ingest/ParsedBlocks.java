package io.slab.ingest;

/** Parsed blocks in the order of the input. */
interface ParsedBlocks extends AutoCloseable {
  /** The next block, or null at the end; throws what reading threw. */
  ParsedBlock next();

  @Override
  void close();
}
