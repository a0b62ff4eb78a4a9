package io.slab.estimate;

/**
 * The slabs of one level, all of one size.
 *
 * @param slabs how many
 * @param each one of them
 */
public record LevelEstimate(long slabs, SlabEstimate each) {
  public int level() {
    return each.level();
  }

  public long records() {
    return slabs * each.rows();
  }

  public long bytes() {
    return slabs * each.bytes();
  }
}
