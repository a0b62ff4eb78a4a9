package io.slab.source.parquet;

/** Decodes the values of one page, in order. One thread only. */
interface ValueDecoder {
  /**
   * Decodes the next values.
   *
   * @throws Malformed when the page holds fewer
   */
  void read(Window into, int from, int count);
}
