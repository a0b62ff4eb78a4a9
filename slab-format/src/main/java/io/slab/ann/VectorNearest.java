package io.slab.ann;

import io.slab.bytes.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The nearest centroid of many rows: a matrix product in register tiles of 6 rows by 16 centroids
 * (lanes are centroids, rows are broadcast), each tile folded into a running minimum per lane. With
 * vectors of 16 numbers a tile has 12 rows. Each product is one chain of fused additions either
 * way, so both find the same.
 */
final class VectorNearest {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_256;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_256;
  private static final VectorSpecies<Float> W = FloatVector.SPECIES_512;
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  private static final boolean WIDE = FloatVector.SPECIES_PREFERRED.length() >= AnnKernels.PANEL;
  private static final int TILE = WIDE ? 12 : 6;

  /** Rows that share one pass over the centroids: their state stays in L1, they stay in L2. */
  private static final int GROUP = 96;

  /** Read as a variable so that C2 does not count the loop, unroll it and spill accumulators. */
  private static long panelStride = 4L * AnnKernels.PANEL;

  private final int padded;
  private final float[] best = new float[GROUP * AnnKernels.PANEL];
  private final int[] index = new int[GROUP * AnnKernels.PANEL];
  private final float[] tile = new float[TILE * AnnKernels.PANEL];

  private VectorNearest(int padded) {
    this.padded = padded;
  }

  static void assign(
      MemorySegment rows,
      int count,
      int padded,
      MemorySegment centroids,
      float[] squares,
      int[] cell,
      int at) {
    VectorNearest kernel = new VectorNearest(padded);
    long rowBytes = 4L * padded;
    long from = NativeMemory.address(rows, 0, count * rowBytes);
    long panels = NativeMemory.address(centroids, 0, squares.length * rowBytes);
    int whole = count - count % TILE;
    for (int row = 0; row < whole; row += GROUP) {
      int size = Math.min(GROUP, whole - row);
      kernel.group(from + row * rowBytes, size, panels, squares);
      kernel.reduce(size, cell, at + row);
    }
    if (whole < count) {
      MemorySegment last = NativeMemory.allocate(TILE * rowBytes);
      MemorySegment.copy(rows, whole * rowBytes, last, 0, (count - whole) * rowBytes);
      kernel.group(last.address(), TILE, panels, squares);
      kernel.reduce(count - whole, cell, at + whole);
      Reference.reachabilityFence(last);
    }
    Reference.reachabilityFence(rows);
    Reference.reachabilityFence(centroids);
  }

  private void group(long rows, int size, long panels, float[] squares) {
    Arrays.fill(best, Float.POSITIVE_INFINITY);
    Arrays.fill(index, 0);
    long rowBytes = 4L * padded;
    for (int cell = 0; cell < squares.length; cell += AnnKernels.PANEL) {
      long panel = panels + cell * rowBytes;
      for (int row = 0; row < size; row += TILE) {
        long first = rows + row * rowBytes;
        if (WIDE) {
          wide(first, rowBytes, panel, panel + 64L * padded, panelStride, tile);
        } else {
          product(first, rowBytes, panel, panel + 64L * padded, panelStride, tile);
        }
        fold(tile, squares, cell, best, index, row * AnnKernels.PANEL);
      }
    }
  }

  private static void product(
      long rows, long rowBytes, long panel, long end, long stride, float[] out) {
    MemorySegment m = NativeMemory.ALL;
    FloatVector a0 = FloatVector.zero(S);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector c0 = a0;
    FloatVector c1 = a0;
    FloatVector d0 = a0;
    FloatVector d1 = a0;
    FloatVector e0 = a0;
    FloatVector e1 = a0;
    FloatVector f0 = a0;
    FloatVector f1 = a0;
    long r1 = rows + rowBytes;
    long r2 = r1 + rowBytes;
    long r3 = r2 + rowBytes;
    long r4 = r3 + rowBytes;
    long r5 = r4 + rowBytes;
    long o = 0;
    for (long p = panel; p < end; p += stride, o += 4) {
      FloatVector x = FloatVector.fromMemorySegment(S, m, p, LE);
      FloatVector y = FloatVector.fromMemorySegment(S, m, p + 32, LE);
      FloatVector v = FloatVector.broadcast(S, m.get(LittleEndian.FLOAT, rows + o));
      a0 = v.fma(x, a0);
      a1 = v.fma(y, a1);
      v = FloatVector.broadcast(S, m.get(LittleEndian.FLOAT, r1 + o));
      b0 = v.fma(x, b0);
      b1 = v.fma(y, b1);
      v = FloatVector.broadcast(S, m.get(LittleEndian.FLOAT, r2 + o));
      c0 = v.fma(x, c0);
      c1 = v.fma(y, c1);
      v = FloatVector.broadcast(S, m.get(LittleEndian.FLOAT, r3 + o));
      d0 = v.fma(x, d0);
      d1 = v.fma(y, d1);
      v = FloatVector.broadcast(S, m.get(LittleEndian.FLOAT, r4 + o));
      e0 = v.fma(x, e0);
      e1 = v.fma(y, e1);
      v = FloatVector.broadcast(S, m.get(LittleEndian.FLOAT, r5 + o));
      f0 = v.fma(x, f0);
      f1 = v.fma(y, f1);
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, 8);
    b0.intoArray(out, 16);
    b1.intoArray(out, 24);
    c0.intoArray(out, 32);
    c1.intoArray(out, 40);
    d0.intoArray(out, 48);
    d1.intoArray(out, 56);
    e0.intoArray(out, 64);
    e1.intoArray(out, 72);
    f0.intoArray(out, 80);
    f1.intoArray(out, 88);
  }

  private static void wide(
      long rows, long rowBytes, long panel, long end, long stride, float[] out) {
    MemorySegment m = NativeMemory.ALL;
    FloatVector a = FloatVector.zero(W);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    FloatVector e = a;
    FloatVector f = a;
    FloatVector g = a;
    FloatVector h = a;
    FloatVector i = a;
    FloatVector j = a;
    FloatVector k = a;
    FloatVector l = a;
    long r3 = rows + 3 * rowBytes;
    long r6 = r3 + 3 * rowBytes;
    long r9 = r6 + 3 * rowBytes;
    long two = 2 * rowBytes;
    for (long p = panel; p < end; p += stride) {
      FloatVector x = FloatVector.fromMemorySegment(W, m, p, LE);
      a = FloatVector.broadcast(W, m.get(LittleEndian.FLOAT, rows)).fma(x, a);
      b = FloatVector.broadcast(W, m.get(LittleEndian.FLOAT, rows + rowBytes)).fma(x, b);
      c = FloatVector.broadcast(W, m.get(LittleEndian.FLOAT, rows + two)).fma(x, c);
      d = FloatVector.broadcast(W, m.get(LittleEndian.FLOAT, r3)).fma(x, d);
      e = FloatVector.broadcast(W, m.get(LittleEndian.FLOAT, r3 + rowBytes)).fma(x, e);
      f = FloatVector.broadcast(W, m.get(LittleEndian.FLOAT, r3 + two)).fma(x, f);
      g = FloatVector.broadcast(W, m.get(LittleEndian.FLOAT, r6)).fma(x, g);
      h = FloatVector.broadcast(W, m.get(LittleEndian.FLOAT, r6 + rowBytes)).fma(x, h);
      i = FloatVector.broadcast(W, m.get(LittleEndian.FLOAT, r6 + two)).fma(x, i);
      j = FloatVector.broadcast(W, m.get(LittleEndian.FLOAT, r9)).fma(x, j);
      k = FloatVector.broadcast(W, m.get(LittleEndian.FLOAT, r9 + rowBytes)).fma(x, k);
      l = FloatVector.broadcast(W, m.get(LittleEndian.FLOAT, r9 + two)).fma(x, l);
      rows += 4;
      r3 += 4;
      r6 += 4;
      r9 += 4;
    }
    a.intoArray(out, 0);
    b.intoArray(out, 16);
    c.intoArray(out, 32);
    d.intoArray(out, 48);
    e.intoArray(out, 64);
    f.intoArray(out, 80);
    g.intoArray(out, 96);
    h.intoArray(out, 112);
    i.intoArray(out, 128);
    j.intoArray(out, 144);
    k.intoArray(out, 160);
    l.intoArray(out, 176);
  }

  private static void fold(
      float[] tile, float[] squares, int cell, float[] best, int[] index, int at) {
    for (int half = 0; half < 16; half += 8) {
      FloatVector square = FloatVector.fromArray(S, squares, cell + half);
      for (int row = half; row < TILE * 16; row += 16) {
        FloatVector score = square.sub(FloatVector.fromArray(S, tile, row).mul(2f));
        FloatVector old = FloatVector.fromArray(S, best, at + row);
        VectorMask<Float> less = score.compare(VectorOperators.LT, old);
        if (less.anyTrue()) {
          old.blend(score, less).intoArray(best, at + row);
          IntVector.fromArray(I, index, at + row)
              .blend(cell, less.cast(I))
              .intoArray(index, at + row);
        }
      }
    }
  }

  private void reduce(int size, int[] cell, int at) {
    for (int row = 0; row < size; row++) {
      int from = row * AnnKernels.PANEL;
      float least = Float.POSITIVE_INFINITY;
      int winner = 0;
      for (int lane = 0; lane < AnnKernels.PANEL; lane++) {
        int candidate = index[from + lane] + lane;
        float score = best[from + lane];
        if (score < least
            || (score == least && score < Float.POSITIVE_INFINITY && candidate < winner)) {
          least = score;
          winner = candidate;
        }
      }
      cell[at + row] = winner;
    }
  }
}
