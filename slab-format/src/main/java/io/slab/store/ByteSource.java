package io.slab.store;

import java.lang.foreign.MemorySegment;

/**
 * One immutable object opened for random reads. Thread-safe. A local source is mapped: {@link
 * #read} returns a view without copying, valid until {@link #close}; a remote one fetches the
 * range.
 */
public interface ByteSource extends AutoCloseable {
  /** The object's name, for errors. */
  String name();

  /** Length in bytes. */
  long length();

  /** True when {@link #read} is a free view of mapped memory. */
  boolean mapped();

  /**
   * True when small reads are cheap, so that nothing needs to be saved; false when each costs a
   * request.
   */
  default boolean isNear() {
    return mapped();
  }

  /**
   * The same object for a caller that reads its bytes again and again, as a search does: mapped,
   * where that is possible. Either this source or another one, to be closed as well.
   */
  default ByteSource forSearch() {
    return this;
  }

  /**
   * True when the object was changed or replaced since it was opened. No program that keeps to the
   * format does that; a remote source does not look.
   */
  default boolean isStale() {
    return false;
  }

  /**
   * Finds out why mapped memory could not be read, by ordinary reads. Returns when all of it can be
   * read now.
   *
   * @throws io.slab.error.SlabException that says what is wrong with the object
   */
  default void requireReadable() {}

  /**
   * Bytes {@code offset .. offset + length}; throws {@link io.slab.error.CorruptException} when the
   * object is shorter.
   */
  MemorySegment read(long offset, long length);

  /**
   * Where fetched ranges stay at hand, or null: a mapped source needs no such place, and of a plain
   * remote one every {@link #read} fetches anew.
   */
  default KeptBytes kept() {
    return null;
  }

  /** Releases the mapping or connection; segments handed out must not be touched afterwards. */
  @Override
  void close();
}
