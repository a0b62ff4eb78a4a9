package io.slab.source;

import io.slab.model.Limits;
import io.slab.model.SparseVector;
import java.util.Arrays;

/** Puts sparse entries as exports hold them, in any order, into the form of a record. */
public final class SparsePairs {
  private static final long MAX_INDEX = 0xFFFF_FFFFL;

  private SparsePairs() {}

  /**
   * Sorts by unsigned index.
   *
   * @param indices 0 to 4294967295 each
   * @return null for no entries at all
   * @throws IllegalArgumentException saying what is wrong: lengths that differ, too many entries,
   *     an index out of range or given twice
   */
  public static SparseVector of(long[] indices, float[] weights) {
    if (indices.length != weights.length) {
      throw new IllegalArgumentException(
          "Sparse vector has " + indices.length + " indices but " + weights.length + " values");
    }
    if (indices.length > Limits.MAX_SPARSE_ENTRIES) {
      throw new IllegalArgumentException(
          "Sparse vector has "
              + indices.length
              + " values, which exceeds the limit of "
              + Limits.MAX_SPARSE_ENTRIES);
    }
    if (indices.length == 0) {
      return null;
    }
    int[] given = ascending(indices);
    return given == null ? sorted(indices, weights) : new SparseVector(given, weights.clone());
  }

  /** The indices as they are when they need no sorting, else null. */
  private static int[] ascending(long[] indices) {
    int[] given = new int[indices.length];
    long before = -1;
    for (int i = 0; i < given.length; i++) {
      if (indices[i] <= before || indices[i] > MAX_INDEX) {
        return null;
      }
      before = indices[i];
      given[i] = (int) before;
    }
    return given;
  }

  private static SparseVector sorted(long[] indices, float[] weights) {
    // Each pair travels as one long whose signed order is the wanted one.
    long[] pairs = new long[indices.length];
    for (int i = 0; i < pairs.length; i++) {
      if (indices[i] < 0 || indices[i] > MAX_INDEX) {
        throw new IllegalArgumentException(
            "Sparse index " + indices[i] + " is not an integer between 0 and 4294967295");
      }
      long high = (indices[i] << 32) ^ Long.MIN_VALUE;
      pairs[i] = high | Float.floatToRawIntBits(weights[i]) & MAX_INDEX;
    }
    Arrays.sort(pairs);
    int[] sorted = new int[pairs.length];
    float[] values = new float[pairs.length];
    for (int i = 0; i < pairs.length; i++) {
      sorted[i] = (int) (pairs[i] >>> 32) ^ Integer.MIN_VALUE;
      values[i] = Float.intBitsToFloat((int) pairs[i]);
      if (i > 0 && sorted[i] == sorted[i - 1]) {
        throw new IllegalArgumentException(
            "Sparse index " + Integer.toUnsignedString(sorted[i]) + " is given twice");
      }
    }
    return new SparseVector(sorted, values);
  }
}
