package io.slab.ann;

import io.slab.bytes.Segments;
import io.slab.model.Metric;
import java.lang.foreign.MemorySegment;

/** {@link AnnKernels} in plain loops. */
final class ScalarKernels implements AnnKernels {
  static final ScalarKernels INSTANCE = new ScalarKernels();

  private ScalarKernels() {}

  @Override
  public void rotate(Rotation rotation, float[] vector) {
    rotation.apply(vector);
  }

  @Override
  public void dots(float[] vector, MemorySegment centroids, int panels, float[] out) {
    float[] panel = new float[vector.length * PANEL];
    for (int p = 0; p < panels; p++) {
      Segments.copyFloats(centroids, 4L * p * panel.length, panel, 0, panel.length);
      panelDots(vector, 0, vector.length, panel, out, p * PANEL);
    }
  }

  private static void panelDots(
      float[] vector, int from, int length, float[] panel, float[] out, int at) {
    for (int lane = 0; lane < PANEL; lane++) {
      out[at + lane] = 0;
    }
    for (int d = 0; d < length; d++) {
      float x = vector[from + d];
      int row = d * PANEL;
      for (int lane = 0; lane < PANEL; lane++) {
        out[at + lane] = Math.fma(x, panel[row + lane], out[at + lane]);
      }
    }
  }

  @Override
  public float dot(float[] vector, MemorySegment rows, int row) {
    float[] other = new float[vector.length];
    Segments.copyFloats(rows, 4L * vector.length * row, other, 0, vector.length);
    float[] sums = new float[PANEL];
    for (int d = 0; d < vector.length; d++) {
      sums[d % PANEL] = Math.fma(vector[d], other[d], sums[d % PANEL]);
    }
    return AnnKernels.fold(sums);
  }

  @Override
  public void nearest(
      MemorySegment rows,
      int count,
      int padded,
      MemorySegment centroids,
      float[] squares,
      int[] cell,
      int at) {
    float[] vectors = new float[count * padded];
    Segments.copyFloats(rows, 0, vectors, 0, vectors.length);
    float[] best = new float[count];
    java.util.Arrays.fill(best, Float.POSITIVE_INFINITY);
    java.util.Arrays.fill(cell, at, at + count, 0);
    float[] panel = new float[padded * PANEL];
    float[] dots = new float[PANEL];
    for (int p = 0; p * PANEL < squares.length; p++) {
      Segments.copyFloats(centroids, 4L * p * panel.length, panel, 0, panel.length);
      for (int row = 0; row < count; row++) {
        panelDots(vectors, row * padded, padded, panel, dots, 0);
        for (int lane = 0; lane < PANEL; lane++) {
          float score = squares[p * PANEL + lane] - 2 * dots[lane];
          if (score < best[row]) {
            best[row] = score;
            cell[at + row] = p * PANEL + lane;
          }
        }
      }
    }
  }

  @Override
  public FastScan fastScan(int groups) {
    return new ScalarFastScan(groups);
  }

  @Override
  public FineScan fineScan(Quantizer quantizer, int padded) {
    return new ScalarFineScan(quantizer, padded);
  }

  @Override
  public Reranker reranker(Metric metric, int dimension) {
    return new ScalarReranker(metric, dimension);
  }
}
