package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.format.ListInput;
import io.slab.format.SlabBuilder;
import io.slab.format.SlabManifest;
import io.slab.format.SlabReader;
import io.slab.format.SlabRequest;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.HeapObject;
import io.slab.testkit.SyntheticRows;
import io.slab.testkit.TestSlabs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** Slabs of level 0 get codes without clusters and without a trial. */
class FlatCodesIT {
  private static final int DIMENSION = 128;
  private static final SyntheticRows ROWS = SyntheticRows.standard(DIMENSION);

  private static byte[] slab(Metric metric, int count, int level, int threads, float first) {
    return slab(metric, count, level, threads, first, values -> {});
  }

  private static byte[] slab(
      Metric metric, int count, int level, int threads, float first, Consumer<float[]> change) {
    MemoryRows rows = ROWS.generate(0, count);
    List<ListInput.Row> input = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] values = new float[DIMENSION];
      rows.copy(i, values);
      values[0] = i == 0 ? first : values[0];
      change.accept(values);
      String id = String.format("%08d", i);
      input.add(ListInput.Row.of(new VectorRecord(id, values, null, Metadata.EMPTY), i + 1));
    }
    HeapObject out = new HeapObject();
    IndexSpec spec = TestSlabs.spec(VectorType.DENSE, DIMENSION, metric);
    SlabRequest request =
        new SlabRequest(TestSlabs.ID, TestSlabs.CREATED, spec, "ns", level, List.of(), List.of());
    SlabBuilder.build(request, ListInput.of(input), out, AnnIndexer.of(threads));
    return out.bytes();
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void aFlushedSlabFindsWhatAScanFinds(Metric metric) {
    byte[] bytes = slab(metric, 3_000, 0, 2, 0.5f);
    assertArrayEquals(bytes, slab(metric, 3_000, 0, 1, 0.5f), "threads");
    assertEquals(List.of(), TestSlabs.problems(bytes));
    try (SlabReader slab = TestSlabs.open(bytes)) {
      assertEquals(AnnIndex.ANANAS, slab.manifest().algorithm());
      assertEquals(AnnChooser.VERSION, slab.manifest().vintage().index());
      assertTrue(slab.inIdOrder());
      AnnIndex index = AnnIndex.of(slab);
      assertEquals(List.of(), index.curve().points());
      IvfSearcher searcher = new IvfSearcher(index.index(), slab.dense(), AnnKernels.best());
      MemoryRows queries = ROWS.generate(3_000, 60);
      MutableRoaringBitmap all = new MutableRoaringBitmap();
      all.add(0L, 3_000L);
      float[] query = new float[DIMENSION];
      double found = 0;
      long rescored = 0;
      for (int q = 0; q < queries.rows(); q++) {
        queries.copy(q, query);
        TopRows top = searcher.search(query, 10, index.curve(), 0.95, null);
        rescored += searcher.cost().rescored();
        List<Integer> rows = new ArrayList<>();
        for (int i = 0; i < top.size(); i++) {
          rows.add(top.row(i));
        }
        TopRows exact = searcher.exact(query, 10, all);
        for (int i = 0; i < exact.size(); i++) {
          found += rows.contains(exact.row(i)) ? 0.1 : 0;
        }
      }
      assertTrue(found / queries.rows() >= 0.95, "recall " + found / queries.rows());
      assertTrue(rescored < 100L * queries.rows(), rescored + " rows scored");
    }
  }

  @Test
  void fewRowsAreScanned() {
    int least = AnnIndexer.leastFlat(DIMENSION);
    try (SlabReader slab = TestSlabs.open(slab(Metric.COSINE, least - 1, 0, 1, 0.5f))) {
      assertEquals(SlabManifest.EXACT, slab.manifest().algorithm());
      assertNull(AnnIndex.of(slab));
    }
    assertEquals(1_000, AnnIndexer.leastFlat(1_536));
  }

  /** The larger what vectors have in common, the less single precision leaves for the codes. */
  @ParameterizedTest
  @ValueSource(floats = {1e6f, 1e7f, 2e7f, 3e7f, 5e7f, 1e8f, 1e12f})
  void codesThatFindTooLittleAreLeftOut(float common) {
    finds(values -> values[1] = common);
    // Two groups, whose centre is small.
    finds(values -> values[1] = values[2] > 0 ? common : -common);
    if (common >= 1e8f) {
      assertExact(values -> values[1] = common);
    }
  }

  /** Without codes all is found. */
  private static void finds(Consumer<float[]> change) {
    try (SlabReader slab = TestSlabs.open(slab(Metric.EUCLIDEAN, 2_100, 0, 2, 0.5f, change))) {
      AnnIndex index = AnnIndex.of(slab);
      if (index == null) {
        return;
      }
      float[] query = new float[DIMENSION];
      double found = 0;
      IvfSearcher searcher = new IvfSearcher(index.index(), slab.dense(), AnnKernels.best());
      for (int row = 0; row < 2_100; row += 50) {
        slab.dense().copy(row, query);
        query[3] += 0.01f;
        found += recall(searcher, index, query, 2_100);
      }
      assertTrue(found / 42 >= 0.95, "recall " + found / 42);
    }
  }

  private static double recall(IvfSearcher searcher, AnnIndex index, float[] query, int count) {
    TopRows top = searcher.search(query, 10, index.curve(), 0.95, null);
    float[] scores = new float[top.size()];
    for (int i = 0; i < top.size(); i++) {
      scores[i] = top.score(i);
    }
    MutableRoaringBitmap all = new MutableRoaringBitmap();
    all.add(0L, (long) count);
    float worst = searcher.exact(query, 10, all).score(9);
    double found = 0;
    for (float score : scores) {
      found += score <= worst ? 0.1 : 0;
    }
    return found;
  }

  @Test
  void numbersOutOfRangeLeaveTheCodesOut() {
    int[] row = {0};
    assertExact(values -> Arrays.fill(values, 0, row[0]++ == 7 ? DIMENSION : 0, 3e38f));
  }

  private static void assertExact(Consumer<float[]> change) {
    byte[] bytes = slab(Metric.EUCLIDEAN, 2_100, 0, 2, 0.5f, change);
    assertEquals(List.of(), TestSlabs.problems(bytes));
    try (SlabReader slab = TestSlabs.open(bytes)) {
      assertEquals(SlabManifest.EXACT, slab.manifest().algorithm());
    }
  }

  /** What an older writer let in would spoil what the codes say of the other rows. */
  @Test
  void aValueThatIsNoNumberLeavesTheCodesOut() {
    try (SlabReader slab = TestSlabs.open(slab(Metric.EUCLIDEAN, 2_100, 0, 1, Float.NaN))) {
      assertEquals(SlabManifest.EXACT, slab.manifest().algorithm());
    }
  }
}
