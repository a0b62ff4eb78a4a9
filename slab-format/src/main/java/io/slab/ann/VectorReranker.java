package io.slab.ann;

import io.slab.bytes.LittleEndian;
import io.slab.format.section.DenseRows;
import io.slab.model.Metric;
import io.slab.vector.CanonicalScore;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Reranker} with vector instructions. The canonical sum has four accumulators, dimension i
 * going to accumulator i mod 4, which are the lanes of a vector of four doubles: the vector sum is
 * canonical, not merely close. Multiplication and addition round apart, as the rule demands.
 */
final class VectorReranker implements Reranker {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_128;
  private static final VectorSpecies<Double> D = DoubleVector.SPECIES_256;
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

  private final Metric metric;
  private final int dimension;
  private final int whole;
  private final MemorySegment query;
  private RowAddresses addresses;
  private final long[] address = new long[WIDTH];
  private final double[] sums = new double[4 * WIDTH];
  private final double[] squares = new double[4 * WIDTH];
  private double querySquare;

  VectorReranker(Metric metric, int dimension) {
    this.metric = metric;
    this.dimension = dimension;
    this.whole = dimension & -4;
    this.query = NativeMemory.allocate(8L * dimension);
  }

  @Override
  public void prepare(float[] vector) {
    for (int i = 0; i < dimension; i++) {
      query.setAtIndex(LittleEndian.DOUBLE, i, vector[i]);
    }
    querySquare = CanonicalScore.dot(vector, vector);
  }

  @Override
  public void score(DenseRows rows, int[] ordinals, int count, float[] scores) {
    if (addresses == null || addresses.rows() != rows) {
      addresses = new RowAddresses(rows);
    }
    addresses.check();
    for (int i = 0; i < WIDTH; i++) {
      address[i] = addresses.of(ordinals[i < count ? i : 0], i);
    }
    long end = query.address() + 8L * whole;
    switch (metric) {
      case DOTPRODUCT -> dots(query.address(), end, address, sums);
      case EUCLIDEAN -> distances(query.address(), end, address, sums);
      case COSINE -> {
        dots(query.address(), end, address, sums);
        squares(whole, address, squares);
      }
    }
    for (int i = 0; i < count; i++) {
      scores[i] = finish(i);
    }
    Reference.reachabilityFence(this);
    Reference.reachabilityFence(rows);
  }

  private float finish(int i) {
    for (int d = whole; d < dimension; d++) {
      double q = query.getAtIndex(LittleEndian.DOUBLE, d);
      double v = NativeMemory.ALL.get(LittleEndian.FLOAT, address[i] + 4L * d);
      int at = 4 * i + d - whole;
      double difference = q - v;
      sums[at] += metric == Metric.EUCLIDEAN ? difference * difference : q * v;
      squares[at] += v * v;
    }
    double sum = total(sums, 4 * i);
    return (float)
        (metric == Metric.COSINE
            ? CanonicalScore.cosine(sum, querySquare, total(squares, 4 * i))
            : sum);
  }

  private static double total(double[] s, int at) {
    return (s[at] + s[at + 1]) + (s[at + 2] + s[at + 3]);
  }

  private static void dots(long q, long end, long[] rows, double[] out) {
    MemorySegment m = NativeMemory.ALL;
    DoubleVector a0 = DoubleVector.zero(D);
    DoubleVector a1 = a0;
    DoubleVector a2 = a0;
    DoubleVector a3 = a0;
    long r0 = rows[0];
    long r1 = rows[1];
    long r2 = rows[2];
    long r3 = rows[3];
    long at = 0;
    for (long i = q; i < end; i += 32, at += 16) {
      DoubleVector x = DoubleVector.fromMemorySegment(D, m, i, LE);
      a0 = a0.add(x.mul(load(m, r0 + at)));
      a1 = a1.add(x.mul(load(m, r1 + at)));
      a2 = a2.add(x.mul(load(m, r2 + at)));
      a3 = a3.add(x.mul(load(m, r3 + at)));
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, 4);
    a2.intoArray(out, 8);
    a3.intoArray(out, 12);
  }

  private static void distances(long q, long end, long[] rows, double[] out) {
    MemorySegment m = NativeMemory.ALL;
    DoubleVector a0 = DoubleVector.zero(D);
    DoubleVector a1 = a0;
    DoubleVector a2 = a0;
    DoubleVector a3 = a0;
    long r0 = rows[0];
    long r1 = rows[1];
    long r2 = rows[2];
    long r3 = rows[3];
    long at = 0;
    for (long i = q; i < end; i += 32, at += 16) {
      DoubleVector x = DoubleVector.fromMemorySegment(D, m, i, LE);
      DoubleVector d0 = x.sub(load(m, r0 + at));
      DoubleVector d1 = x.sub(load(m, r1 + at));
      DoubleVector d2 = x.sub(load(m, r2 + at));
      DoubleVector d3 = x.sub(load(m, r3 + at));
      a0 = a0.add(d0.mul(d0));
      a1 = a1.add(d1.mul(d1));
      a2 = a2.add(d2.mul(d2));
      a3 = a3.add(d3.mul(d3));
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, 4);
    a2.intoArray(out, 8);
    a3.intoArray(out, 12);
  }

  private static void squares(int whole, long[] rows, double[] out) {
    MemorySegment m = NativeMemory.ALL;
    DoubleVector a0 = DoubleVector.zero(D);
    DoubleVector a1 = a0;
    DoubleVector a2 = a0;
    DoubleVector a3 = a0;
    long r0 = rows[0];
    long r1 = rows[1];
    long r2 = rows[2];
    long r3 = rows[3];
    for (long at = 0; at < 4L * whole; at += 16) {
      DoubleVector v0 = load(m, r0 + at);
      DoubleVector v1 = load(m, r1 + at);
      DoubleVector v2 = load(m, r2 + at);
      DoubleVector v3 = load(m, r3 + at);
      a0 = a0.add(v0.mul(v0));
      a1 = a1.add(v1.mul(v1));
      a2 = a2.add(v2.mul(v2));
      a3 = a3.add(v3.mul(v3));
    }
    a0.intoArray(out, 0);
    a1.intoArray(out, 4);
    a2.intoArray(out, 8);
    a3.intoArray(out, 12);
  }

  private static DoubleVector load(MemorySegment m, long address) {
    return (DoubleVector)
        FloatVector.fromMemorySegment(F, m, address, LE).convertShape(VectorOperators.F2D, D, 0);
  }
}
