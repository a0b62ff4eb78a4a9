package io.slab.ann;

import io.slab.model.Metric;
import io.slab.vector.Kernels;
import java.lang.foreign.MemorySegment;

/**
 * The inner loops of an index, in two implementations with equal results: plain loops over heap
 * arrays, which are quick from the first call and serve short processes, and vector instructions,
 * which need about a second to be compiled and serve everything else. Thread-safe; the objects they
 * hand out belong to one thread.
 */
public sealed interface AnnKernels permits ScalarKernels, VectorKernels {
  /** Cells of one panel of centroids, which is the width of the register tile. */
  int PANEL = 16;

  /** Rotates a padded vector in place. */
  void rotate(Rotation rotation, float[] vector);

  /**
   * Inner products of one rotated vector with every centroid, each one chain of fused multiply-adds
   * over ascending dimensions.
   *
   * @param centroids panels of {@link #PANEL} centroids: for each dimension 16 numbers
   * @param out at least the number of panels times {@link #PANEL}
   */
  void dots(float[] vector, MemorySegment centroids, int panels, float[] out);

  /**
   * Inner product of a rotated vector with one of several rows: sixteen sums, dimension i going to
   * sum i mod 16, each one chain of fused multiply-adds; then {@link #fold}.
   *
   * @param rows native memory, row-major
   */
  float dot(float[] vector, MemorySegment rows, int row);

  /** Adds sixteen sums, the upper half of what is left to the lower each time. */
  static float fold(float[] sums) {
    for (int half = PANEL / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        sums[i] += sums[i + half];
      }
    }
    return sums[0];
  }

  /**
   * The nearest centroid of each row, ties to the lower number.
   *
   * @param rows native memory, {@code count} rows of {@code padded} numbers
   * @param squares squared norm of each centroid, infinite in the padding of the last panel
   * @param cell out: number of the centroid
   */
  void nearest(
      MemorySegment rows,
      int count,
      int padded,
      MemorySegment centroids,
      float[] squares,
      int[] cell,
      int at);

  /** A scanner of code blocks for one thread. */
  FastScan fastScan(int groups);

  /** Products with fine codes for one thread. */
  FineScan fineScan(Quantizer quantizer, int padded);

  /** Canonical scores for one thread. */
  Reranker reranker(Metric metric, int dimension);

  /** Plain loops. */
  static AnnKernels scalar() {
    return ScalarKernels.INSTANCE;
  }

  /** Vector instructions where the virtual machine was started with them, else plain loops. */
  static AnnKernels best() {
    return Kernels.vectorAvailable() ? VectorKernels.INSTANCE : ScalarKernels.INSTANCE;
  }
}
