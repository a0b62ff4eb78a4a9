package io.slab.export;

import io.slab.model.VectorRecord;
import java.io.IOException;

/**
 * Writes records to files in some format. Closing without {@link #finish} leaves files that are not
 * complete. One thread only.
 */
public interface RecordWriter extends AutoCloseable {
  void write(VectorRecord record) throws IOException;

  /** Writes what is still missing; nothing may be written after that. */
  void finish() throws IOException;

  @Override
  void close() throws IOException;
}
