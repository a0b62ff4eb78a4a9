package io.slab.ann;

/**
 * How hard a search tries.
 *
 * @param probes most cells to scan once k rows are found
 * @param margin multiple of the codes' error bound below which a row is not rescored
 */
public record Effort(int probes, float margin) {
  /** Scans every cell, and prunes only what the codes' error bound excludes by far. */
  public static final Effort FULL = new Effort(Integer.MAX_VALUE, 4);

  public Effort {
    if (probes < 1 || !(margin >= 0)) {
      throw new IllegalArgumentException("probes start at 1, margins at 0");
    }
  }
}
