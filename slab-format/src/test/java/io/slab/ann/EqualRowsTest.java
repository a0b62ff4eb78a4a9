package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.model.Metric;
import io.slab.testkit.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Of rows with equal vectors a search finds the first ids, however little effort it takes and even
 * where they fill several cells: if one of them is found, then so are all before it.
 */
class EqualRowsTest {
  private static final int DIMENSION = 24;
  private static final int DISTINCT = 9;
  private static final int ROWS = 3_000;
  private static final int CELLS = 30;
  private static final int K = 25;
  private static final int SEEDS = 8;
  private static final AnnKernels KERNELS = AnnKernels.scalar();

  private static SplittableRandom seeds;

  @BeforeAll
  static void chooseSeeds() {
    seeds = new SplittableRandom(Seeds.of(EqualRowsTest.class));
  }

  /** Rows and which of the vectors each of them is; the row is the rank of its id. */
  private record Data(MemoryRows rows, int[] kind, float[][] vectors) {}

  /** The first vectors have half of all rows each time, so that their cells are divided. */
  private static Data data(SplittableRandom random) {
    float[][] vectors = new float[DISTINCT][DIMENSION];
    for (float[] vector : vectors) {
      for (int d = 0; d < DIMENSION; d++) {
        vector[d] = (float) random.nextGaussian();
      }
    }
    MemoryRows rows = MemoryRows.allocate(ROWS, DIMENSION);
    int[] kind = new int[ROWS];
    for (int row = 0; row < ROWS; row++) {
      kind[row] = Math.min(DISTINCT - 1, Long.numberOfTrailingZeros(random.nextLong()));
      rows.set(row, vectors[kind[row]]);
    }
    return new Data(rows, kind, vectors);
  }

  private static float[] query(Data data, SplittableRandom random) {
    float[] query = data.vectors()[random.nextInt(DISTINCT)].clone();
    float noise = random.nextInt(3) * 0.4f;
    for (int d = 0; d < DIMENSION; d++) {
      query[d] += noise * (float) random.nextGaussian();
    }
    return query;
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void theFirstIdsAreFound(Metric metric) {
    for (int seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = seeds.split();
      Data data = data(random);
      IvfParams params = IvfParams.of(CELLS, Quantizer.SIGN, random.nextLong(), 1);
      IvfIndex index = new IvfBuilder(data.rows(), metric, params, KERNELS).build();
      MemoryRows laid = LaidOut.of(data.rows(), index);
      IvfSearcher searcher = new IvfSearcher(index, laid, KERNELS);
      MutableRoaringBitmap third = new MutableRoaringBitmap();
      for (int row = 0; row < ROWS; row++) {
        if (random.nextInt(3) == 0) {
          third.add(row);
        }
      }
      for (int probes = 1; probes <= 16; probes *= 2) {
        Effort effort = new Effort(probes, random.nextBoolean() ? 0.5f : 2);
        float[] query = query(data, random);
        check(data, index, null, searcher.search(query, K, effort, null));
        MutableRoaringBitmap rows = LaidOut.of(third, index);
        AllowedRows allowed = AllowedRows.of(ROWS, rows, null);
        check(data, index, third, searcher.search(query, K, effort, allowed));
      }
    }
  }

  private static void check(Data data, IvfIndex index, MutableRoaringBitmap allowed, TopRows top) {
    int[] found = new int[top.size()];
    for (int i = 0; i < found.length; i++) {
      found[i] = index.order() == null ? top.row(i) : index.order()[top.row(i)];
    }
    assertEquals(K, found.length);
    Arrays.sort(found);
    int[] last = new int[DISTINCT];
    int[] count = new int[DISTINCT];
    for (int row : found) {
      last[data.kind()[row]] = row;
      count[data.kind()[row]]++;
    }
    int[] before = new int[DISTINCT];
    for (int row = 0; row < ROWS; row++) {
      int kind = data.kind()[row];
      if (row <= last[kind] && count[kind] > 0 && (allowed == null || allowed.contains(row))) {
        before[kind]++;
      }
    }
    assertTrue(Arrays.equals(count, before), "found rows are the first ones of their vectors");
  }

  /** The rows above do fill several cells, or the test would show little. */
  @Test
  void equalRowsFillSeveralCells() {
    Data data = data(new SplittableRandom(4));
    IvfParams params = IvfParams.of(CELLS, Quantizer.SIGN, 5, 1);
    IvfIndex index = new IvfBuilder(data.rows(), Metric.EUCLIDEAN, params, KERNELS).build();
    int most = Arrays.stream(index.cellRows()).max().orElseThrow();
    long first = Arrays.stream(data.kind()).filter(kind -> kind == 0).count();
    assertTrue(first > 2L * most, first + " equal rows in cells of at most " + most);
  }
}
