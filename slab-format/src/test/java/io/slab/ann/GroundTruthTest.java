package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.model.Metric;
import io.slab.testkit.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What calibration compares with is exact, and one search shows what several efforts find. */
class GroundTruthTest {
  /** Rows far from the origin, where single precision tells least; some twice, one zero. */
  private static MemoryRows rows(SplitMix64 random, int count, int dimension, float offset) {
    MemoryRows rows = MemoryRows.allocate(count, dimension);
    float[] row = new float[dimension];
    for (int i = 0; i < count; i++) {
      if (i % 17 != 16) {
        for (int d = 0; d < dimension; d++) {
          row[d] = i == 5 ? 0 : offset + (float) random.gaussian();
        }
      }
      rows.set(i, row);
    }
    return rows;
  }

  private static float[] slowly(MemoryRows rows, Metric metric, int self, float[] query, int k) {
    Reranker reranker = AnnKernels.scalar().reranker(metric, rows.dimension());
    reranker.prepare(query);
    TopRows top = new TopRows(metric.largerIsNearer());
    top.start(k);
    float[] score = new float[Reranker.WIDTH];
    for (int row = 0; row < rows.rows(); row++) {
      if (row != self) {
        reranker.score(rows, new int[] {row, 0, 0, 0}, 1, score);
        top.add(row, score[0]);
      }
    }
    return top.keys();
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void isExact(Metric metric) {
    long seed = Seeds.of("GroundTruthTest.isExact");
    SplitMix64 random = new SplitMix64(seed);
    for (float offset : new float[] {0, 3, 1000}) {
      MemoryRows rows = rows(random, 700, 1 + random.below(40), offset);
      int[] self = new int[70];
      float[][] vectors = new float[self.length][rows.dimension()];
      for (int q = 0; q < self.length; q++) {
        self[q] = random.below(rows.rows() + 1) - 1;
        rows.copy(Math.max(0, self[q]), vectors[q]);
      }
      float[][] one = GroundTruth.keys(rows, metric, self, vectors, 30, 1, AnnKernels.scalar());
      float[][] best = GroundTruth.keys(rows, metric, self, vectors, 30, 3, AnnKernels.best());
      for (int q = 0; q < self.length; q++) {
        float[] expected = slowly(rows, metric, self[q], vectors[q], 30);
        assertArrayEquals(expected, one[q], metric + " query " + q);
        assertArrayEquals(expected, best[q], metric + " query " + q);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void oneSearchShowsWhatSeveralEffortsFind(Metric metric) {
    SplitMix64 random = new SplitMix64(3);
    MemoryRows rows = rows(random, 2_000, 24, 1);
    IvfParams params = IvfParams.of(30, Quantizer.SIGN, 3, 1);
    IvfIndex index = new IvfBuilder(rows, metric, params, AnnKernels.scalar()).build();
    IvfSearcher staged = new IvfSearcher(index, rows, AnnKernels.scalar());
    IvfSearcher single = new IvfSearcher(index, rows, AnnKernels.scalar());
    int[] probes = {1, 2, 3, 8, 20, index.cells()};
    float[] query = new float[24];
    for (int q = 0; q < 20; q++) {
      rows.copy(random.below(2_000), query);
      List<Integer> seen = new ArrayList<>();
      staged.search(
          query,
          12,
          1.9f,
          probes,
          stage -> {
            seen.add(stage);
            TopRows expected = single.search(query, 12, new Effort(probes[stage], 1.9f), null);
            assertEquals(single.cost(), staged.cost());
            assertArrayEquals(sorted(expected), sorted(staged.found()));
          });
      assertEquals(List.of(0, 1, 2, 3, 4, 5), seen);
    }
  }

  private static int[] sorted(TopRows top) {
    int[] rows = new int[top.size()];
    Arrays.setAll(rows, top::row);
    Arrays.sort(rows);
    return rows;
  }

  @Test
  void calibrationIsTheSameForAnyNumberOfThreads() {
    MemoryRows rows = rows(new SplitMix64(8), 3_000, 20, 0);
    IvfParams params = IvfParams.of(25, Quantizer.SIGN, 3, 2);
    IvfIndex index = new IvfBuilder(rows, Metric.COSINE, params, AnnKernels.scalar()).build();
    Curve[] curves = new Curve[2];
    for (int threads = 1; threads <= 2; threads++) {
      CalibrationQueries queries =
          CalibrationQueries.sample(rows, Metric.COSINE, 50, 100, 1, threads, AnnKernels.scalar());
      curves[threads - 1] =
          new Calibration(index, rows, queries, AnnKernels.scalar(), threads)
              .run(Calibration.RESULTS);
    }
    assertEquals(curves[0], curves[1]);
  }
}
