package io.slab.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.model.Metric;
import io.slab.model.SparseVector;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Kernels stay within their bounds in each shape of block; canonical scores are what the rule says.
 */
class KernelTest {
  private static final int[] DIMENSIONS = {
    1, 2, 3, 4, 5, 7, 8, 9, 15, 17, 31, 64, 100, 255, 256, 257, 1536
  };
  private static final int[] COUNTS = {1, 2, 3, 4, 5, 7, 8, 13};

  private interface Check {
    void result(int row, float[] query, float[] vector, float result, float norm);
  }

  @Test
  void resultsLieWithinTheBound() {
    long seed = 20_261;
    SplittableRandom random = new SplittableRandom(seed);
    for (DenseKernel kernel : List.of(Kernels.scalar(), Kernels.vector())) {
      for (int dimension : DIMENSIONS) {
        for (int count : COUNTS) {
          double scale = Math.pow(10, random.nextInt(24) - 18);
          float[] query = vector(random, dimension, 1);
          double norm = Math.sqrt(CanonicalScore.dot(query, query));
          String where =
              kernel.name() + " " + dimension + "x" + count + " scale " + scale + " seed " + seed;
          int depth = kernel.depth(dimension);
          check(random, kernel, count, query, scale, false, dot(depth, dimension, norm, where));
          check(random, kernel, count, query, scale, true, distance(depth, dimension, where));
          if (kernel.tileQueries() > 1) {
            int tile = kernel.tileDepth(dimension);
            Check dot = dotAlone(tile, dimension, norm, where);
            checkTile(random, kernel, count, query, scale, false, dot);
            checkTile(random, kernel, count, query, scale, true, distance(tile, dimension, where));
          }
        }
      }
    }
  }

  /** Of dot products, with the norms that come with them. */
  private static Check dot(int depth, int dimension, double norm, String where) {
    Check alone = dotAlone(depth, dimension, norm, where);
    return (row, q, v, result, n) -> {
      alone.result(row, q, v, result, n);
      double vv = CanonicalScore.dot(v, v);
      assertTrue(Math.abs(n - vv) <= vv * depth * 0x1.01p-24 + dimension * 0x1p-149, where);
    };
  }

  private static Check dotAlone(int depth, int dimension, double norm, String where) {
    ErrorBound bound = ErrorBound.dot(depth, dimension, norm);
    return (row, q, v, result, n) -> within(CanonicalScore.dot(q, v), result, n, bound, where);
  }

  private static Check distance(int depth, int dimension, String where) {
    ErrorBound bound = ErrorBound.squaredDistance(depth, dimension);
    return (row, q, v, result, n) ->
        within(CanonicalScore.squaredDistance(q, v), result, 0, bound, where);
  }

  private static void check(
      SplittableRandom random,
      DenseKernel kernel,
      int count,
      float[] query,
      double scale,
      boolean distance,
      Check check) {
    float[][] rows = rows(random, count, query, scale);
    kernel.load(segment(rows, random.nextBoolean()), count, query.length);
    float[] out = new float[count];
    float[] norms = new float[count];
    if (distance) {
      kernel.squaredDistance(query, out);
    } else {
      kernel.dotAndNorms(query, out, norms);
      float[] again = new float[count];
      kernel.dot(query, again);
      float[] normsAgain = new float[count];
      kernel.squaredNorms(normsAgain);
      for (int row = 0; row < count; row++) {
        check.result(row, query, rows[row], again[row], normsAgain[row]);
      }
    }
    for (int row = 0; row < count; row++) {
      check.result(row, query, rows[row], out[row], norms[row]);
    }
  }

  private static void checkTile(
      SplittableRandom random,
      DenseKernel kernel,
      int count,
      float[] query,
      double scale,
      boolean distance,
      Check check) {
    float[][] rows = rows(random, count, query, scale);
    kernel.load(segment(rows, random.nextBoolean()), count, query.length);
    int lanes = kernel.tileQueries();
    int lane = random.nextInt(lanes);
    float[] panel = new float[query.length * lanes];
    for (int i = 0; i < query.length; i++) {
      for (int other = 0; other < lanes; other++) {
        panel[i * lanes + other] = other == lane ? query[i] : (float) random.nextGaussian();
      }
    }
    float[] out = new float[count * lanes];
    float[] norms = new float[count];
    if (distance) {
      kernel.squaredDistanceTile(panel, out);
    } else {
      kernel.dotTile(panel, out);
      kernel.squaredNorms(norms);
    }
    for (int row = 0; row < count; row++) {
      check.result(row, query, rows[row], out[row * lanes + lane], norms[row]);
    }
  }

  private static void within(
      double canonical, float result, float norm, ErrorBound bound, String where) {
    double error = Math.abs(canonical - result);
    assertTrue(
        error <= bound.of(result, norm),
        where + ": off by " + error + ", bound " + bound.of(result, norm));
  }

  /**
   * Rows of which some are almost the query, some its opposite: sums that cancel and sums that do
   * not.
   */
  private static float[][] rows(SplittableRandom random, int count, float[] query, double scale) {
    float[][] rows = new float[count][];
    for (int row = 0; row < count; row++) {
      rows[row] = vector(random, query.length, scale);
      for (int i = 0; i < query.length && row % 3 > 0; i++) {
        rows[row][i] = row % 3 == 1 ? Math.nextUp(query[i]) : (i % 2 == 0 ? -1 : 1) * query[i];
      }
    }
    return rows;
  }

  private static float[] vector(SplittableRandom random, int dimension, double scale) {
    float[] v = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      v[i] = (float) (random.nextGaussian() * scale);
    }
    return v;
  }

  private static MemorySegment segment(float[][] rows, boolean isNative) {
    int n = rows[0].length;
    long bytes = 4L * n * rows.length;
    MemorySegment segment =
        isNative ? Arena.ofAuto().allocate(bytes, 4) : MemorySegment.ofArray(new byte[(int) bytes]);
    for (int row = 0; row < rows.length; row++) {
      MemorySegment.copy(
          MemorySegment.ofArray(rows[row]),
          ValueLayout.JAVA_BYTE,
          0,
          segment,
          ValueLayout.JAVA_BYTE,
          4L * n * row,
          4L * n);
    }
    return segment;
  }

  @Test
  void cosineBoundHoldsWithStoredReciprocals() {
    SplittableRandom random = new SplittableRandom(77);
    for (DenseKernel kernel : List.of(Kernels.scalar(), Kernels.vector())) {
      for (int dimension : DIMENSIONS) {
        float[] query = vector(random, dimension, 1000);
        double qq = CanonicalScore.dot(query, query);
        float[] unit = new float[dimension];
        for (int i = 0; i < dimension; i++) {
          unit[i] = (float) (query[i] / Math.sqrt(qq));
        }
        float[][] rows = rows(random, 9, query, 1e-9);
        kernel.load(segment(rows, true), 9, dimension);
        float[] out = new float[9];
        kernel.dot(unit, out);
        ErrorBound bound = ErrorBound.cosine(kernel.depth(dimension), dimension);
        for (int row = 0; row < 9; row++) {
          double vv = CanonicalScore.dot(rows[row], rows[row]);
          float result = out[row] * (float) (1 / Math.sqrt(vv));
          within(
              CanonicalScore.cosine(CanonicalScore.dot(query, rows[row]), qq, vv),
              result,
              0,
              bound,
              kernel.name() + " " + dimension);
        }
      }
    }
  }

  @Test
  void canonicalSumIsCloseToTheExactOne() {
    SplittableRandom random = new SplittableRandom(5);
    for (int dimension : DIMENSIONS) {
      float[] a = vector(random, dimension, 1);
      float[] b = vector(random, dimension, 1);
      BigDecimal exact = BigDecimal.ZERO;
      double magnitude = 0;
      for (int i = 0; i < dimension; i++) {
        exact = exact.add(new BigDecimal(a[i]).multiply(new BigDecimal(b[i])));
        magnitude += Math.abs((double) a[i] * b[i]);
      }
      double error = Math.abs(CanonicalScore.dot(a, b) - exact.doubleValue());
      assertTrue(error <= magnitude * (dimension / 4 + 6) * 0x1p-53, "" + error);
    }
  }

  @Test
  void canonicalSumKeepsItsOrder() {
    // In one accumulator the ones would be lost in 2^60; in their own they are not.
    float[] a = {0x1p60f, 1, 1, 1, -0x1p60f, 1, 1, 1};
    float[] ones = {1, 1, 1, 1, 1, 1, 1, 1};
    assertEquals(6, CanonicalScore.dot(a, ones));
  }

  @Test
  void cosineIsClampedAndZeroForZero() {
    assertEquals(1.0, CanonicalScore.cosine(1.0000001, 1, 1));
    assertEquals(-1.0, CanonicalScore.cosine(-1.0000001, 1, 1));
    assertEquals(0.0, CanonicalScore.cosine(0, 0, 1));
    assertEquals(0.6, CanonicalScore.dense(Metric.COSINE, new float[] {1, 0}, new float[] {3, 4}));
    assertEquals(
        20.0, CanonicalScore.dense(Metric.EUCLIDEAN, new float[] {1, 0}, new float[] {3, 4}));
    assertEquals(
        3.0, CanonicalScore.dense(Metric.DOTPRODUCT, new float[] {1, 0}, new float[] {3, 4}));
  }

  @Test
  void sparseIndicesAreUnsigned() {
    SparseVector a = new SparseVector(new int[] {1, 5, 0x7fffffff, -2}, new float[] {1, 2, 4, 8});
    SparseVector b = new SparseVector(new int[] {5, -2, -1}, new float[] {10, 100, 1000});
    assertEquals(820, CanonicalScore.sparseDot(a, b));
  }

  @Test
  void oneShotTakesPlainLoops() {
    assertTrue(Kernels.vectorAvailable());
    assertEquals("scalar", Kernels.select(Workload.ONE_SHOT).get().name());
    assertEquals("vector", Kernels.select(Workload.LONG_RUNNING).get().name());
    assertNotSame(Kernels.scalar(), Kernels.scalar());
    assertFalse(Kernels.scalar().tileQueries() > 1);
  }
}
