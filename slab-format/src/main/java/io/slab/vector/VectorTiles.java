package io.slab.vector;

import io.slab.bytes.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of the SIMD kernel: four rows times {@link #QUERIES} queries in registers, one query per
 * lane, so that they need no horizontal sums. Sums of the first dimensions are written, those of
 * later ones are added.
 */
final class VectorTiles {
  private static final VectorSpecies<Float> SPECIES = VectorKernel.SPECIES;
  private static final int LANES = SPECIES.length();

  /** Queries of a panel: for each dimension one number of each. */
  static final int QUERIES = 2 * LANES;

  private VectorTiles() {}

  /**
   * Inner products of four rows with a panel of queries, over dimensions {@code from} to {@code
   * to}.
   */
  static void dotTile4(
      MemorySegment v, int row, int n, int from, int to, float[] panel, float[] out) {
    long at0 = 4L * row * n;
    long at1 = at0 + 4L * n;
    long at2 = at1 + 4L * n;
    long at3 = at2 + 4L * n;
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector b2 = a0;
    FloatVector b3 = a0;
    for (int i = from; i < to; i++) {
      FloatVector p = FloatVector.fromArray(SPECIES, panel, i * QUERIES);
      FloatVector q = FloatVector.fromArray(SPECIES, panel, i * QUERIES + LANES);
      FloatVector x0 = FloatVector.broadcast(SPECIES, v.get(LittleEndian.FLOAT, at0 + 4L * i));
      a0 = x0.fma(p, a0);
      b0 = x0.fma(q, b0);
      FloatVector x1 = FloatVector.broadcast(SPECIES, v.get(LittleEndian.FLOAT, at1 + 4L * i));
      a1 = x1.fma(p, a1);
      b1 = x1.fma(q, b1);
      FloatVector x2 = FloatVector.broadcast(SPECIES, v.get(LittleEndian.FLOAT, at2 + 4L * i));
      a2 = x2.fma(p, a2);
      b2 = x2.fma(q, b2);
      FloatVector x3 = FloatVector.broadcast(SPECIES, v.get(LittleEndian.FLOAT, at3 + 4L * i));
      a3 = x3.fma(p, a3);
      b3 = x3.fma(q, b3);
    }
    int to0 = row * QUERIES;
    store(a0, out, to0, from);
    store(b0, out, to0 + LANES, from);
    store(a1, out, to0 + QUERIES, from);
    store(b1, out, to0 + QUERIES + LANES, from);
    store(a2, out, to0 + 2 * QUERIES, from);
    store(b2, out, to0 + 2 * QUERIES + LANES, from);
    store(a3, out, to0 + 3 * QUERIES, from);
    store(b3, out, to0 + 3 * QUERIES + LANES, from);
  }

  /** As {@link #dotTile4}, of one row. */
  static void dotTile1(
      MemorySegment v, int row, int n, int from, int to, float[] panel, float[] out) {
    long at = 4L * row * n;
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    for (int i = from; i < to; i++) {
      FloatVector x = FloatVector.broadcast(SPECIES, v.get(LittleEndian.FLOAT, at + 4L * i));
      a = x.fma(FloatVector.fromArray(SPECIES, panel, i * QUERIES), a);
      b = x.fma(FloatVector.fromArray(SPECIES, panel, i * QUERIES + LANES), b);
    }
    store(a, out, row * QUERIES, from);
    store(b, out, row * QUERIES + LANES, from);
  }

  /**
   * Squared distances of four rows from half a panel of queries.
   *
   * @param lane where in the panel its half begins
   */
  static void squaredDistanceTile4(
      MemorySegment v, int row, int n, int from, int to, float[] panel, int lane, float[] out) {
    long at0 = 4L * row * n;
    long at1 = at0 + 4L * n;
    long at2 = at1 + 4L * n;
    long at3 = at2 + 4L * n;
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int i = from; i < to; i++) {
      FloatVector p = FloatVector.fromArray(SPECIES, panel, i * QUERIES + lane);
      long at = 4L * i;
      FloatVector d0 = p.sub(FloatVector.broadcast(SPECIES, v.get(LittleEndian.FLOAT, at0 + at)));
      s0 = d0.fma(d0, s0);
      FloatVector d1 = p.sub(FloatVector.broadcast(SPECIES, v.get(LittleEndian.FLOAT, at1 + at)));
      s1 = d1.fma(d1, s1);
      FloatVector d2 = p.sub(FloatVector.broadcast(SPECIES, v.get(LittleEndian.FLOAT, at2 + at)));
      s2 = d2.fma(d2, s2);
      FloatVector d3 = p.sub(FloatVector.broadcast(SPECIES, v.get(LittleEndian.FLOAT, at3 + at)));
      s3 = d3.fma(d3, s3);
    }
    int to0 = row * QUERIES + lane;
    store(s0, out, to0, from);
    store(s1, out, to0 + QUERIES, from);
    store(s2, out, to0 + 2 * QUERIES, from);
    store(s3, out, to0 + 3 * QUERIES, from);
  }

  /** Squared distances of one row from a panel of queries. */
  static void squaredDistanceTile1(
      MemorySegment v, int row, int n, int from, int to, float[] panel, float[] out) {
    long at = 4L * row * n;
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    for (int i = from; i < to; i++) {
      FloatVector x = FloatVector.broadcast(SPECIES, v.get(LittleEndian.FLOAT, at + 4L * i));
      FloatVector d = FloatVector.fromArray(SPECIES, panel, i * QUERIES).sub(x);
      FloatVector e = FloatVector.fromArray(SPECIES, panel, i * QUERIES + LANES).sub(x);
      a = d.fma(d, a);
      b = e.fma(e, b);
    }
    store(a, out, row * QUERIES, from);
    store(b, out, row * QUERIES + LANES, from);
  }

  /** Writes the sums of the first stretch of dimensions, adds those of later ones. */
  private static void store(FloatVector sums, float[] out, int at, int from) {
    if (from == 0) {
      sums.intoArray(out, at);
    } else {
      sums.add(FloatVector.fromArray(SPECIES, out, at)).intoArray(out, at);
    }
  }
}
