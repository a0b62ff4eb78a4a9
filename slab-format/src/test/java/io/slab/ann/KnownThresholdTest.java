package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.model.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * A search that starts with what other slabs know finds a nearer row also where its nearest cells
 * are all out of reach of that: tight cells beside the query, and a wide one with the answer.
 */
class KnownThresholdTest {
  private static final AnnKernels KERNELS = AnnKernels.best();
  private static final int DIMENSION = 8;
  private static final int ANSWER = 1_100;

  /** Where the answer lies among the rows in the order of cells, and who may answer. */
  private int answer;

  private final boolean[] passes = new boolean[ANSWER + 1];

  private MemoryRows rows(Random random) {
    MemoryRows rows = MemoryRows.allocate(ANSWER + 1, DIMENSION);
    float[] v = new float[DIMENSION];
    for (int i = 0; i <= ANSWER; i++) {
      boolean tight = i < 1_000;
      int cell = i / 100;
      Arrays.fill(v, 0);
      v[tight ? 1 + cell % 6 : 0] = !tight ? 6 : cell < 6 ? 3.5f : -3.5f;
      for (int d = 0; d < DIMENSION; d++) {
        v[d] += (tight ? 0.05f : 1.2f) * (float) random.nextGaussian();
      }
      if (i == ANSWER) {
        Arrays.fill(v, 0);
        v[0] = 1;
      }
      rows.set(i, v);
      passes[i] = !tight || i % 100 < 5;
    }
    return rows;
  }

  // Seeds that lost the answer while cells out of reach counted before any cell was looked at.
  @ParameterizedTest
  @ValueSource(longs = {4, 34, 53, 118, 144})
  void cellsOutOfReachDoNotEndASearch(long seed) {
    MemoryRows rows = rows(new Random(seed));
    IvfParams params = IvfParams.of(13, Quantizer.SIGN, seed, 1);
    IvfIndex index = new IvfBuilder(rows, Metric.EUCLIDEAN, params, KERNELS).build();
    MutableRoaringBitmap matching = new MutableRoaringBitmap();
    for (int i = 0; i <= ANSWER; i++) {
      int row = index.order()[i];
      answer = row == ANSWER ? i : answer;
      if (passes[row]) {
        matching.add(i);
      }
    }
    Curve curve = new Curve(List.of(new CurvePoint(10, new Effort(3, 1.9f), 1, 1, 3, 1, 1, 1, 1)));
    IvfSearcher searcher = new IvfSearcher(index, LaidOut.of(rows, index), KERNELS);
    AllowedRows allowed = AllowedRows.of(ANSWER + 1, matching, null);
    float[] query = new float[DIMENSION];
    assertEquals(answer, searcher.search(query, 1, curve, 0.95, allowed).row(0));
    NearestKeys known = new NearestKeys();
    known.start(1);
    known.add(4f);
    for (AllowedRows some : new AllowedRows[] {allowed, null}) {
      Survivors found = searcher.scan(query, curve, 0.95, some, known);
      boolean isThere = false;
      for (int i = 0; i < found.size(); i++) {
        isThere |= found.row(i) == answer;
      }
      assertTrue(isThere, (some == null ? "all rows, " : "a filter, ") + searcher.cost());
    }
  }
}
