package io.slab.source.json;

import java.io.IOException;

/** Cuts a text into blocks of records. One thread at a time. */
interface RecordBlocks extends AutoCloseable {
  /**
   * The next block, or null at the end.
   *
   * @param recycled a buffer that is no longer used, or null
   */
  RecordBlock next(byte[] recycled) throws IOException;

  /** Longest record that is held, in bytes. */
  default int maxRecord() {
    return JsonWindow.MAX_VALUE;
  }

  @Override
  void close() throws IOException;
}
