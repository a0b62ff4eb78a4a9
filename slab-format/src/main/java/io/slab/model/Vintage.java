package io.slab.model;

/**
 * Which versions of the writer's rules made what is derived in a slab: tells slabs that would come
 * out better today. The versions are small numbers that only grow.
 *
 * @param sections of everything but the approximate index: columns, bitmaps, id filter, norms,
 *     sparse index; grows with the format's minor version too
 * @param index of the rules by which an approximate index is chosen and built; 0 where none was
 *     considered
 */
public record Vintage(int sections, int index) {
  /** What slabs have that do not say. */
  public static final Vintage FIRST = new Vintage(1, 0);

  public Vintage {
    if (sections < 0 || index < 0) {
      throw new IllegalArgumentException("versions " + sections + " and " + index);
    }
  }

  /** True when any of the rules has changed since. */
  public boolean isOlderThan(Vintage today) {
    return sections < today.sections || index < today.index;
  }
}
