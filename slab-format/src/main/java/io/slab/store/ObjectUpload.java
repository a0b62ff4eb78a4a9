package io.slab.store;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A large object being written from front to back. Nothing is visible under its name before {@link
 * #commit} returns, and from then on all of it is, durably. Closing without commit leaves nothing
 * behind but a temporary file at worst. One thread only.
 */
public interface ObjectUpload extends AutoCloseable {
  /** Appends bytes. */
  void write(MemorySegment bytes);

  /** Bytes written so far. */
  long position();

  /**
   * A local folder for files that are needed for a while, of the size of the object; null for the
   * system's.
   */
  default Path scratch() {
    return null;
  }

  /** Makes the object durable and visible; fails when the name is taken. */
  void commit();

  /** Abandons the object unless it was committed. */
  @Override
  void close();
}
