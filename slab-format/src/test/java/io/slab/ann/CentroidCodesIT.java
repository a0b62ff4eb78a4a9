package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.model.Metric;
import io.slab.testkit.SyntheticRows;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With codes for the centroids cells come in the order that comparing with each of them gives. */
class CentroidCodesIT {
  private static final int DIMENSION = 384;
  private static final int ROWS = 6_000;
  private static final SyntheticRows CLUSTERS =
      new SyntheticRows(DIMENSION, 200, 12, 0.08f, 0.05f, 4);

  private static IvfIndex index(Metric metric, int cells) {
    IvfParams params = IvfParams.of(cells, Quantizer.SIGN, 4, 2);
    MemoryRows rows = CLUSTERS.generate(0, ROWS);
    return new IvfBuilder(rows, metric, params, AnnKernels.best()).build();
  }

  /** All cells, nearest first, with distances as the scalar kernel has them. */
  private static int[] sorted(IvfIndex index, float[] rotated) {
    CentroidCodes codes = index.centroidCodes();
    double sum = 0;
    for (float v : rotated) {
      sum += (double) v * v;
    }
    float square = (float) sum;
    double[] keys = new double[index.cells()];
    for (int cell = 0; cell < keys.length; cell++) {
      float dot = AnnKernels.scalar().dot(rotated, codes.rows(), cell);
      keys[cell] = square + (double) index.directory().square()[cell] - 2.0 * dot;
    }
    return IntStream.range(0, keys.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer cell) -> keys[cell]))
        .mapToInt(cell -> cell)
        .toArray();
  }

  @ParameterizedTest
  @EnumSource(value = Metric.class, names = "DOTPRODUCT", mode = EnumSource.Mode.EXCLUDE)
  void cellsComeInTheirOrder(Metric metric) {
    IvfIndex index = index(metric, 800);
    assertTrue(CentroidCodes.pays(index), index.cells() + " cells");
    MemoryRows queries = CLUSTERS.generate(ROWS, 25);
    float[] query = new float[DIMENSION];
    float[] rotated = new float[index.padded()];
    int moved = 0;
    for (AnnKernels kernels : new AnnKernels[] {AnnKernels.scalar(), AnnKernels.best()}) {
      CellGeometry geometry = new CellGeometry(index, kernels);
      QueryTable table = new QueryTable(index.groups());
      FastScan scan = kernels.fastScan(index.groups());
      Probe probe = new Probe();
      for (int q = 0; q < queries.rows(); q++) {
        queries.copy(q, query);
        index.space(kernels).load(query, rotated);
        SignEncoder.INSTANCE.table(rotated, table);
        scan.prepare(table.entries);
        probe.step = table.step;
        probe.bias = table.bias;
        geometry.prepare(rotated, scan, probe);
        int[] expected = sorted(index, rotated);
        for (int i = 0; i < 60; i++) {
          moved += geometry.next() == expected[i] ? 0 : 1;
        }
        if (q % 2 == 0) {
          assertArrayEquals(Arrays.copyOfRange(expected, 60, 80), geometry.peek(20));
        }
        geometry.retain(cell -> cell % 2 == 0);
        int[] rest = Arrays.stream(expected, 60, expected.length).filter(c -> c % 2 == 0).toArray();
        for (int cell : rest) {
          moved += geometry.next() == cell ? 0 : 1;
        }
        assertTrue(geometry.isDone());
      }
    }
    // Distances that differ by less than a float tells may come either way round.
    assertTrue(moved <= 4, moved + " cells moved");
  }

  @Test
  void kernelsFindTheSame() {
    IvfIndex index = index(Metric.EUCLIDEAN, 800);
    MemoryRows rows = LaidOut.of(CLUSTERS.generate(0, ROWS), index);
    MemoryRows queries = CLUSTERS.generate(ROWS, 40);
    IvfSearcher scalar = new IvfSearcher(index, rows, AnnKernels.scalar());
    IvfSearcher vector = new IvfSearcher(index, rows, AnnKernels.best());
    float[] query = new float[DIMENSION];
    for (int q = 0; q < queries.rows(); q++) {
      queries.copy(q, query);
      for (int probes : new int[] {1, 8, 100}) {
        Effort effort = new Effort(probes, 1.9f);
        TopRows one = scalar.search(query, 10, effort, null);
        TopRows two = vector.search(query, 10, effort, null);
        assertEquals(one.size(), two.size());
        for (int i = 0; i < one.size(); i++) {
          assertEquals(one.row(i), two.row(i));
          assertEquals(one.score(i), two.score(i));
        }
        assertEquals(scalar.cost(), vector.cost());
      }
    }
  }

  @Test
  void productsHaveTheSameBits() {
    IvfIndex index = index(Metric.COSINE, 800);
    float[] query = new float[index.padded()];
    SplitMix64 random = new SplitMix64(2);
    for (int d = 0; d < query.length; d++) {
      query[d] = (float) random.gaussian();
    }
    for (int cell = 0; cell < index.cells(); cell++) {
      float scalar = AnnKernels.scalar().dot(query, index.centroidCodes().rows(), cell);
      float vector = AnnKernels.best().dot(query, index.centroidCodes().rows(), cell);
      assertEquals(Float.floatToRawIntBits(scalar), Float.floatToRawIntBits(vector));
    }
  }

  @Test
  void smallSetsOfCellsAreCompared() {
    assertFalse(CentroidCodes.pays(index(Metric.EUCLIDEAN, 100)));
    assertFalse(CentroidCodes.pays(index(Metric.DOTPRODUCT, 800)));
  }
}
