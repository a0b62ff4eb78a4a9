package io.slab.ann;

/**
 * The rows of one slab that codes could not exclude, in the order in which they were met. Immutable
 * once made, so threads may share it.
 */
public final class Survivors {
  private final int[] rows;
  private final float[] bounds;
  private final float[] keys;

  /** All three of one length, kept. */
  Survivors(int[] rows, float[] bounds, float[] keys) {
    this.rows = rows;
    this.bounds = bounds;
    this.keys = keys;
  }

  public int size() {
    return rows.length;
  }

  public int row(int i) {
    return rows[i];
  }

  /** A key that the row's own is hardly below. */
  public float bound(int i) {
    return bounds[i];
  }

  /** What the row's key is taken for. */
  public float key(int i) {
    return keys[i];
  }
}
