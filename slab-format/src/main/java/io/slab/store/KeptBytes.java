package io.slab.store;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What was fetched of a remote object and stays at hand: one segment as long as the object, of
 * which some stretches are filled. A reader says first what it is going to touch, many stretches at
 * once, and then works on the memory as on a mapped file. Thread-safe.
 */
public interface KeptBytes {
  /**
   * Units with less than this between them are fetched by one request: about what a connection
   * brings in the time that a request takes.
   */
  long GAP = 512 << 10;

  /**
   * A stretch that is fetched and checked as a whole. Units of one object either are the same or do
   * not overlap, and begin at multiples of 64; with one exception: the tail of an object is a unit
   * of its own.
   */
  interface Unit {
    long offset();

    long length();

    /**
     * Throws {@link io.slab.error.CorruptException} unless these are the bytes of the object, or
     * {@link io.slab.error.UnsupportedException} where damage looks like a newer version.
     */
    void check(MemorySegment bytes);
  }

  /**
   * A view of bytes that {@link #requests} brought; anywhere else it shows zeros. Valid until the
   * source is closed.
   */
  MemorySegment view(long offset, long length);

  /**
   * The requests that bring what is missing of some units, to be run in any order and preferably
   * all at once. Those that are at hand are checked before this returns; one that fails is fetched
   * again. When all requests have returned, every unit has passed its check since this call. A unit
   * that fails its check after it was fetched twice makes its request throw what the check threw.
   */
  List<Runnable> requests(List<? extends Unit> units);

  /** True when a unit that begins there is kept; it may turn out to be damaged. */
  boolean has(long offset);

  /**
   * Starts fetching a stretch of which the units are not known yet; units inside it that are asked
   * for afterwards are taken from there.
   */
  void hint(long offset, long length);

  /** Gives back the memory of what hints brought and no unit took. */
  void forget();
}
