package io.slab.ann;

import io.slab.bytes.Segments;
import io.slab.format.section.DenseRows;
import io.slab.model.Metric;

/**
 * The space in which an index compares vectors: for cosine vectors are scaled to length 1 (a zero
 * vector stays zero), then all are padded, rotated and, but for the inner product, moved by a fixed
 * centre, so that a common offset of all vectors costs no precision. There the nearest row by
 * cosine is the nearest by distance. Immutable and thread-safe.
 */
final class VectorSpace {
  private final Metric metric;
  private final Rotation rotation;
  private final float[] centre;
  private final AnnKernels kernels;

  /**
   * @param centre rotated centre, {@code rotation.padded()} numbers
   */
  VectorSpace(Metric metric, Rotation rotation, float[] centre, AnnKernels kernels) {
    this.metric = metric;
    this.rotation = rotation;
    this.centre = centre;
    this.kernels = kernels;
  }

  int padded() {
    return rotation.padded();
  }

  /** Brings one row into the space. */
  void load(DenseRows rows, int row, float[] target) {
    Segments.copyFloats(rows.slice(row, 1), 0, target, 0, rotation.dimension());
    finish(target);
  }

  void load(float[] vector, float[] target) {
    System.arraycopy(vector, 0, target, 0, rotation.dimension());
    finish(target);
  }

  private void finish(float[] target) {
    java.util.Arrays.fill(target, rotation.dimension(), target.length, 0f);
    if (metric == Metric.COSINE) {
      normalise(target);
    }
    kernels.rotate(rotation, target);
    for (int i = 0; i < target.length; i++) {
      target[i] -= centre[i];
    }
  }

  private static void normalise(float[] vector) {
    double square = 0;
    for (float x : vector) {
      square += (double) x * x;
    }
    double scale = square > 0 ? 1 / Math.sqrt(square) : 0;
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (vector[i] * scale);
    }
  }
}
