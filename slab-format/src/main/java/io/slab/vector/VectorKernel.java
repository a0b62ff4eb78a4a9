package io.slab.vector;

import io.slab.bytes.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The SIMD kernel. One pass runs through four rows a quarter of the block apart: four streams keep
 * more cache misses in flight than one (the hardware prefetcher stops at each page), and four sums
 * hide the latency of the additions. For many queries at once there are {@link VectorTiles}.
 *
 * <p>Eight vector accumulators and their operands are all the register file takes before the
 * compiler spills; helpers are written out because vectors that cross a call which is not inlined
 * are boxed.
 */
public final class VectorKernel implements DenseKernel {
  /**
   * 256 bits where the machine has them: wider ones gain nothing, as memory is the limit; 128 bits
   * elsewhere.
   */
  static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() >= 8
          ? FloatVector.SPECIES_256
          : FloatVector.SPECIES_128;

  private static final int LANES = SPECIES.length();

  /**
   * Dimensions summed in a tile before the sums go to memory: bounds the error, and a panel of them
   * stays in L1.
   */
  private static final int TILE_DEPTH = 256;

  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

  private MemorySegment rows;
  private MemorySegment copy;
  private int count;
  private int dimension;

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public int depth(int dimension) {
    return dimension / LANES + 2 * LANES + 2;
  }

  @Override
  public int tileDepth(int dimension) {
    return Math.min(dimension, TILE_DEPTH) + dimension / TILE_DEPTH + 2;
  }

  @Override
  public int tileQueries() {
    return VectorTiles.QUERIES;
  }

  @Override
  public void load(MemorySegment segment, int rowCount, int rowDimension) {
    long bytes = 4L * rowCount * rowDimension;
    if (segment.byteSize() < bytes) {
      throw new IllegalArgumentException(segment.byteSize() + " bytes for " + bytes);
    }
    rows = segment.isNative() ? segment : copied(segment, bytes);
    count = rowCount;
    dimension = rowDimension;
  }

  /**
   * Kernels only ever see native segments: a second kind would slow the compiled code down for
   * both.
   */
  private MemorySegment copied(MemorySegment segment, long bytes) {
    if (copy == null || copy.byteSize() < bytes) {
      copy = Arena.ofAuto().allocate(bytes, 64);
    }
    MemorySegment.copy(segment, 0, copy, 0, bytes);
    return copy;
  }

  @Override
  public void dot(float[] query, float[] out) {
    int quarter = count / 4;
    for (int row = 0; row < quarter; row++) {
      dot4(rows, row, quarter, dimension, query, out);
    }
    for (int row = 4 * quarter; row < count; row++) {
      out[row] = dot1(rows, 4L * row * dimension, dimension, query);
    }
  }

  @Override
  public void dotAndNorms(float[] query, float[] out, float[] norms) {
    int quarter = count / 4;
    for (int row = 0; row < quarter; row++) {
      dotAndNorms4(rows, row, quarter, dimension, query, out, norms);
    }
    for (int row = 4 * quarter; row < count; row++) {
      out[row] = dot1(rows, 4L * row * dimension, dimension, query);
      norms[row] = squaredNorm1(rows, 4L * row * dimension, dimension);
    }
  }

  @Override
  public void squaredDistance(float[] query, float[] out) {
    int quarter = count / 4;
    for (int row = 0; row < quarter; row++) {
      squaredDistance4(rows, row, quarter, dimension, query, out);
    }
    for (int row = 4 * quarter; row < count; row++) {
      out[row] = squaredDistance1(rows, 4L * row * dimension, dimension, query);
    }
  }

  @Override
  public void squaredNorms(float[] norms) {
    for (int row = 0; row < count; row++) {
      norms[row] = squaredNorm1(rows, 4L * row * dimension, dimension);
    }
  }

  @Override
  public void dotTile(float[] panel, float[] out) {
    for (int from = 0; from < dimension; from += TILE_DEPTH) {
      int to = Math.min(dimension, from + TILE_DEPTH);
      int row = 0;
      for (; row < count - 3; row += 4) {
        VectorTiles.dotTile4(rows, row, dimension, from, to, panel, out);
      }
      for (; row < count; row++) {
        VectorTiles.dotTile1(rows, row, dimension, from, to, panel, out);
      }
    }
  }

  @Override
  public void squaredDistanceTile(float[] panel, float[] out) {
    for (int from = 0; from < dimension; from += TILE_DEPTH) {
      int to = Math.min(dimension, from + TILE_DEPTH);
      int row = 0;
      for (; row < count - 3; row += 4) {
        VectorTiles.squaredDistanceTile4(rows, row, dimension, from, to, panel, 0, out);
        VectorTiles.squaredDistanceTile4(rows, row, dimension, from, to, panel, LANES, out);
      }
      for (; row < count; row++) {
        VectorTiles.squaredDistanceTile1(rows, row, dimension, from, to, panel, out);
      }
    }
  }

  private static void dot4(
      MemorySegment v, int row, int quarter, int n, float[] query, float[] out) {
    long at0 = 4L * row * n;
    long at1 = at0 + 4L * quarter * n;
    long at2 = at1 + 4L * quarter * n;
    long at3 = at2 + 4L * quarter * n;
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector q = FloatVector.fromArray(SPECIES, query, i);
      long at = 4L * i;
      s0 = q.fma(FloatVector.fromMemorySegment(SPECIES, v, at0 + at, LITTLE), s0);
      s1 = q.fma(FloatVector.fromMemorySegment(SPECIES, v, at1 + at, LITTLE), s1);
      s2 = q.fma(FloatVector.fromMemorySegment(SPECIES, v, at2 + at, LITTLE), s2);
      s3 = q.fma(FloatVector.fromMemorySegment(SPECIES, v, at3 + at, LITTLE), s3);
    }
    float r0 = s0.reduceLanes(VectorOperators.ADD);
    float r1 = s1.reduceLanes(VectorOperators.ADD);
    float r2 = s2.reduceLanes(VectorOperators.ADD);
    float r3 = s3.reduceLanes(VectorOperators.ADD);
    for (; i < n; i++) {
      long at = 4L * i;
      float q = query[i];
      r0 += q * v.get(LittleEndian.FLOAT, at0 + at);
      r1 += q * v.get(LittleEndian.FLOAT, at1 + at);
      r2 += q * v.get(LittleEndian.FLOAT, at2 + at);
      r3 += q * v.get(LittleEndian.FLOAT, at3 + at);
    }
    out[row] = r0;
    out[row + quarter] = r1;
    out[row + 2 * quarter] = r2;
    out[row + 3 * quarter] = r3;
  }

  private static void dotAndNorms4(
      MemorySegment v, int row, int quarter, int n, float[] query, float[] out, float[] norms) {
    long at0 = 4L * row * n;
    long at1 = at0 + 4L * quarter * n;
    long at2 = at1 + 4L * quarter * n;
    long at3 = at2 + 4L * quarter * n;
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector n0 = s0;
    FloatVector n1 = s0;
    FloatVector n2 = s0;
    FloatVector n3 = s0;
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector q = FloatVector.fromArray(SPECIES, query, i);
      long at = 4L * i;
      FloatVector v0 = FloatVector.fromMemorySegment(SPECIES, v, at0 + at, LITTLE);
      FloatVector v1 = FloatVector.fromMemorySegment(SPECIES, v, at1 + at, LITTLE);
      FloatVector v2 = FloatVector.fromMemorySegment(SPECIES, v, at2 + at, LITTLE);
      FloatVector v3 = FloatVector.fromMemorySegment(SPECIES, v, at3 + at, LITTLE);
      s0 = q.fma(v0, s0);
      s1 = q.fma(v1, s1);
      s2 = q.fma(v2, s2);
      s3 = q.fma(v3, s3);
      n0 = v0.fma(v0, n0);
      n1 = v1.fma(v1, n1);
      n2 = v2.fma(v2, n2);
      n3 = v3.fma(v3, n3);
    }
    float r0 = s0.reduceLanes(VectorOperators.ADD);
    float r1 = s1.reduceLanes(VectorOperators.ADD);
    float r2 = s2.reduceLanes(VectorOperators.ADD);
    float r3 = s3.reduceLanes(VectorOperators.ADD);
    float m0 = n0.reduceLanes(VectorOperators.ADD);
    float m1 = n1.reduceLanes(VectorOperators.ADD);
    float m2 = n2.reduceLanes(VectorOperators.ADD);
    float m3 = n3.reduceLanes(VectorOperators.ADD);
    for (; i < n; i++) {
      long at = 4L * i;
      float q = query[i];
      float x0 = v.get(LittleEndian.FLOAT, at0 + at);
      float x1 = v.get(LittleEndian.FLOAT, at1 + at);
      float x2 = v.get(LittleEndian.FLOAT, at2 + at);
      float x3 = v.get(LittleEndian.FLOAT, at3 + at);
      r0 += q * x0;
      r1 += q * x1;
      r2 += q * x2;
      r3 += q * x3;
      m0 += x0 * x0;
      m1 += x1 * x1;
      m2 += x2 * x2;
      m3 += x3 * x3;
    }
    out[row] = r0;
    out[row + quarter] = r1;
    out[row + 2 * quarter] = r2;
    out[row + 3 * quarter] = r3;
    norms[row] = m0;
    norms[row + quarter] = m1;
    norms[row + 2 * quarter] = m2;
    norms[row + 3 * quarter] = m3;
  }

  private static void squaredDistance4(
      MemorySegment v, int row, int quarter, int n, float[] query, float[] out) {
    long at0 = 4L * row * n;
    long at1 = at0 + 4L * quarter * n;
    long at2 = at1 + 4L * quarter * n;
    long at3 = at2 + 4L * quarter * n;
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector q = FloatVector.fromArray(SPECIES, query, i);
      long at = 4L * i;
      FloatVector d0 = q.sub(FloatVector.fromMemorySegment(SPECIES, v, at0 + at, LITTLE));
      FloatVector d1 = q.sub(FloatVector.fromMemorySegment(SPECIES, v, at1 + at, LITTLE));
      FloatVector d2 = q.sub(FloatVector.fromMemorySegment(SPECIES, v, at2 + at, LITTLE));
      FloatVector d3 = q.sub(FloatVector.fromMemorySegment(SPECIES, v, at3 + at, LITTLE));
      s0 = d0.fma(d0, s0);
      s1 = d1.fma(d1, s1);
      s2 = d2.fma(d2, s2);
      s3 = d3.fma(d3, s3);
    }
    float r0 = s0.reduceLanes(VectorOperators.ADD);
    float r1 = s1.reduceLanes(VectorOperators.ADD);
    float r2 = s2.reduceLanes(VectorOperators.ADD);
    float r3 = s3.reduceLanes(VectorOperators.ADD);
    for (; i < n; i++) {
      long at = 4L * i;
      float q = query[i];
      float d0 = q - v.get(LittleEndian.FLOAT, at0 + at);
      float d1 = q - v.get(LittleEndian.FLOAT, at1 + at);
      float d2 = q - v.get(LittleEndian.FLOAT, at2 + at);
      float d3 = q - v.get(LittleEndian.FLOAT, at3 + at);
      r0 += d0 * d0;
      r1 += d1 * d1;
      r2 += d2 * d2;
      r3 += d3 * d3;
    }
    out[row] = r0;
    out[row + quarter] = r1;
    out[row + 2 * quarter] = r2;
    out[row + 3 * quarter] = r3;
  }

  private static float dot1(MemorySegment v, long at, int n, float[] query) {
    FloatVector s = FloatVector.zero(SPECIES);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector q = FloatVector.fromArray(SPECIES, query, i);
      s = q.fma(FloatVector.fromMemorySegment(SPECIES, v, at + 4L * i, LITTLE), s);
    }
    float r = s.reduceLanes(VectorOperators.ADD);
    for (; i < n; i++) {
      r += query[i] * v.get(LittleEndian.FLOAT, at + 4L * i);
    }
    return r;
  }

  private static float squaredDistance1(MemorySegment v, long at, int n, float[] query) {
    FloatVector s = FloatVector.zero(SPECIES);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector q = FloatVector.fromArray(SPECIES, query, i);
      FloatVector d = q.sub(FloatVector.fromMemorySegment(SPECIES, v, at + 4L * i, LITTLE));
      s = d.fma(d, s);
    }
    float r = s.reduceLanes(VectorOperators.ADD);
    for (; i < n; i++) {
      float d = query[i] - v.get(LittleEndian.FLOAT, at + 4L * i);
      r += d * d;
    }
    return r;
  }

  private static float squaredNorm1(MemorySegment v, long at, int n) {
    FloatVector s = FloatVector.zero(SPECIES);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector x = FloatVector.fromMemorySegment(SPECIES, v, at + 4L * i, LITTLE);
      s = x.fma(x, s);
    }
    float r = s.reduceLanes(VectorOperators.ADD);
    for (; i < n; i++) {
      float x = v.get(LittleEndian.FLOAT, at + 4L * i);
      r += x * x;
    }
    return r;
  }
}
