package io.slab.store;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

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

  /** True when {@link #readBack} works: the bytes lie on this machine until the commit. */
  default boolean readsBack() {
    return false;
  }

  /**
   * Bytes written before, to be read while the object grows on; as long as the arena is open, which
   * must be closed before the upload.
   *
   * @throws UnsupportedOperationException unless {@link #readsBack}
   */
  default MemorySegment readBack(long offset, long length, Arena arena) {
    throw new UnsupportedOperationException("this store sends its bytes away");
  }

  /** Makes the object durable and visible; fails when the name is taken. */
  void commit();

  /** Abandons the object unless it was committed. */
  @Override
  void close();
}
