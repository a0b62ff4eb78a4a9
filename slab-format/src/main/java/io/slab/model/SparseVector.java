package io.slab.model;

/**
 * A sparse vector: strictly ascending unsigned 32-bit indices (held in {@code int}s, compared
 * unsigned) and one finite weight for each. The arrays are owned by this record and must not be
 * changed.
 */
public record SparseVector(int[] indices, float[] weights) {
  public SparseVector {
    if (indices.length != weights.length) {
      throw new IllegalArgumentException(
          indices.length + " sparse indices but " + weights.length + " values");
    }
    for (int i = 1; i < indices.length; i++) {
      if (Integer.compareUnsigned(indices[i - 1], indices[i]) >= 0) {
        throw new IllegalArgumentException("sparse indices must ascend strictly");
      }
    }
  }

  /** Number of entries. */
  public int size() {
    return indices.length;
  }
}
