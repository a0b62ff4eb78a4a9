package io.slab.serve.json;

import io.slab.model.SparseVector;
import io.slab.serve.api.ApiException;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Sparse vectors as clients send them: indices in any order, as 64-bit numbers or signed ones. */
public final class Sparse {
  private static final long MAX_INDEX = 0xFFFF_FFFFL;

  private Sparse() {}

  /**
   * A sparse vector; its indices need not ascend.
   *
   * @throws ApiException for another number of values, an index of more than 32 bits, or one that
   *     occurs twice
   */
  public static SparseVector of(long[] indices, float[] values) {
    if (indices.length != values.length) {
      throw ApiException.invalid(
          "Sparse vector has " + indices.length + " indices and " + values.length + " values");
    }
    int[] order = null;
    for (int i = 0; i < indices.length; i++) {
      if (indices[i] < 0 || indices[i] > MAX_INDEX) {
        throw ApiException.invalid(
            "Sparse index " + indices[i] + " is not between 0 and " + MAX_INDEX);
      }
      if (i > 0 && indices[i] <= indices[i - 1] && order == null) {
        order = order(indices);
      }
    }
    int[] sorted = new int[indices.length];
    float[] weights = new float[indices.length];
    for (int i = 0; i < sorted.length; i++) {
      int from = order == null ? i : order[i];
      sorted[i] = (int) indices[from];
      weights[i] = values[from];
      if (i > 0 && sorted[i] == sorted[i - 1]) {
        throw ApiException.invalid("Sparse index " + indices[from] + " occurs twice");
      }
    }
    return new SparseVector(sorted, weights);
  }

  private static int[] order(long[] indices) {
    return IntStream.range(0, indices.length)
        .boxed()
        .sorted((a, b) -> Long.compare(indices[a], indices[b]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** The indices of a vector as 64-bit numbers. */
  public static long[] indices(SparseVector sparse) {
    return Arrays.stream(sparse.indices()).mapToLong(Integer::toUnsignedLong).toArray();
  }
}
