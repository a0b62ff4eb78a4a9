package io.slab.ann;

import io.slab.model.Metric;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link AnnKernels} with vector instructions; all data lies outside the heap. */
final class VectorKernels implements AnnKernels {
  static final VectorKernels INSTANCE = new VectorKernels();

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_256;
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

  private VectorKernels() {}

  @Override
  public void rotate(Rotation rotation, float[] vector) {
    VectorRotation.apply(rotation, vector);
  }

  @Override
  public void dots(float[] vector, MemorySegment centroids, int panels, float[] out) {
    long panelBytes = 4L * PANEL * vector.length;
    long from = NativeMemory.address(centroids, 0, panels * panelBytes);
    int p = 0;
    for (; p + 4 <= panels; p += 4) {
      fourPanels(vector, from + p * panelBytes, panelBytes, out, p * PANEL);
    }
    for (; p + 2 <= panels; p += 2) {
      twoPanels(vector, from + p * panelBytes, panelBytes, out, p * PANEL);
    }
    for (; p < panels; p++) {
      onePanel(vector, from + p * panelBytes, out, p * PANEL);
    }
    Reference.reachabilityFence(centroids);
  }

  /** Eight chains of multiply-adds, enough to hide their latency. */
  private static void fourPanels(float[] x, long at, long panelBytes, float[] out, int to) {
    MemorySegment m = NativeMemory.ALL;
    FloatVector a0 = FloatVector.zero(S);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector c0 = a0;
    FloatVector c1 = a0;
    FloatVector d0 = a0;
    FloatVector d1 = a0;
    long a = at;
    long b = a + panelBytes;
    long c = b + panelBytes;
    long d = c + panelBytes;
    long offset = 0;
    for (float value : x) {
      FloatVector q = FloatVector.broadcast(S, value);
      a0 = q.fma(FloatVector.fromMemorySegment(S, m, a + offset, LE), a0);
      a1 = q.fma(FloatVector.fromMemorySegment(S, m, a + offset + 32, LE), a1);
      b0 = q.fma(FloatVector.fromMemorySegment(S, m, b + offset, LE), b0);
      b1 = q.fma(FloatVector.fromMemorySegment(S, m, b + offset + 32, LE), b1);
      c0 = q.fma(FloatVector.fromMemorySegment(S, m, c + offset, LE), c0);
      c1 = q.fma(FloatVector.fromMemorySegment(S, m, c + offset + 32, LE), c1);
      d0 = q.fma(FloatVector.fromMemorySegment(S, m, d + offset, LE), d0);
      d1 = q.fma(FloatVector.fromMemorySegment(S, m, d + offset + 32, LE), d1);
      offset += 64;
    }
    a0.intoArray(out, to);
    a1.intoArray(out, to + 8);
    b0.intoArray(out, to + 16);
    b1.intoArray(out, to + 24);
    c0.intoArray(out, to + 32);
    c1.intoArray(out, to + 40);
    d0.intoArray(out, to + 48);
    d1.intoArray(out, to + 56);
  }

  private static void twoPanels(float[] x, long at, long panelBytes, float[] out, int to) {
    MemorySegment m = NativeMemory.ALL;
    FloatVector a0 = FloatVector.zero(S);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    long b = at + panelBytes;
    long offset = 0;
    for (float value : x) {
      FloatVector q = FloatVector.broadcast(S, value);
      a0 = q.fma(FloatVector.fromMemorySegment(S, m, at + offset, LE), a0);
      a1 = q.fma(FloatVector.fromMemorySegment(S, m, at + offset + 32, LE), a1);
      b0 = q.fma(FloatVector.fromMemorySegment(S, m, b + offset, LE), b0);
      b1 = q.fma(FloatVector.fromMemorySegment(S, m, b + offset + 32, LE), b1);
      offset += 64;
    }
    a0.intoArray(out, to);
    a1.intoArray(out, to + 8);
    b0.intoArray(out, to + 16);
    b1.intoArray(out, to + 24);
  }

  private static void onePanel(float[] x, long at, float[] out, int to) {
    MemorySegment m = NativeMemory.ALL;
    FloatVector a0 = FloatVector.zero(S);
    FloatVector a1 = a0;
    long offset = 0;
    for (float value : x) {
      FloatVector q = FloatVector.broadcast(S, value);
      a0 = q.fma(FloatVector.fromMemorySegment(S, m, at + offset, LE), a0);
      a1 = q.fma(FloatVector.fromMemorySegment(S, m, at + offset + 32, LE), a1);
      offset += 64;
    }
    a0.intoArray(out, to);
    a1.intoArray(out, to + 8);
  }

  @Override
  public float dot(float[] vector, MemorySegment rows, int row) {
    long bytes = 4L * vector.length;
    long at = NativeMemory.address(rows, row * bytes, bytes);
    float[] sums = new float[PANEL];
    oneRow(vector, at, sums);
    Reference.reachabilityFence(rows);
    return AnnKernels.fold(sums);
  }

  private static void oneRow(float[] x, long at, float[] out) {
    MemorySegment m = NativeMemory.ALL;
    FloatVector a0 = FloatVector.zero(S);
    FloatVector a1 = a0;
    for (int d = 0; d < x.length; d += PANEL) {
      long place = at + 4L * d;
      a0 = FloatVector.fromArray(S, x, d).fma(FloatVector.fromMemorySegment(S, m, place, LE), a0);
      a1 =
          FloatVector.fromArray(S, x, d + 8)
              .fma(FloatVector.fromMemorySegment(S, m, place + 32, LE), a1);
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, 8);
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
    VectorNearest.assign(rows, count, padded, centroids, squares, cell, at);
  }

  @Override
  public FastScan fastScan(int groups) {
    return WideFastScan.isQuick() ? new WideFastScan(groups) : new VectorFastScan(groups);
  }

  @Override
  public FineScan fineScan(Quantizer quantizer, int padded) {
    return new VectorFineScan(quantizer, padded);
  }

  @Override
  public Reranker reranker(Metric metric, int dimension) {
    return new VectorReranker(metric, dimension);
  }
}
