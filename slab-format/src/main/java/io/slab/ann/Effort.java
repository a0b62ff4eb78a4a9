package io.slab.ann;

/**
 * How hard a search tries.
 *
 * @param probes most cells to scan once k rows are found
 * @param reach a cell is left out when a typical row of it would need a residual that points to the
 *     query with more than this cosine to be among the best k; {@link #ALL_CELLS} leaves out nothing that can matter
 * @param margin multiple of the codes' error bound below which a row is not rescored
 */
public record Effort(int probes, float reach, float margin) {
  /** A reach that every cell is within. */
  public static final float ALL_CELLS = 1e18f;

  /** Scans every cell, and prunes only what the codes' error bound excludes by far. */
  public static final Effort FULL = new Effort(Integer.MAX_VALUE, ALL_CELLS, 4);

  public Effort {
    if (probes < 1 || !(margin >= 0) || !(reach <= ALL_CELLS)) {
      throw new IllegalArgumentException("probes start at 1, margins at 0");
    }
  }
}
