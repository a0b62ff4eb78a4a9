package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.model.Metric;
import io.slab.testkit.SyntheticRows;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Indexes up to the largest dimension keep the recall they promise, on queries that nothing was
 * measured with; inner products with rows of very different lengths.
 */
class HighDimensionIT {
  private static final AnnKernels KERNELS = AnnKernels.best();
  private static final int ROWS = 700;
  private static final int QUERIES = 40;

  @ParameterizedTest
  @CsvSource({
    "20000,COSINE,SIGN",
    "20000,EUCLIDEAN,SIGN",
    "20000,DOTPRODUCT,SIGN",
    "5000,COSINE,SIGN",
    "256,EUCLIDEAN,PQ",
    "255,DOTPRODUCT,PQ"
  })
  void recallHolds(int dimension, Metric metric, Quantizer quantizer) {
    SyntheticRows generator = new SyntheticRows(dimension, 12, 8, 0.05f, 0.02f, 31);
    MemoryRows all = generator.generate(0, ROWS + QUERIES);
    if (metric == Metric.DOTPRODUCT) {
      stretch(all);
    }
    MemoryRows rows = new MemoryRows(ROWS, dimension, all.slice(0, ROWS));
    IvfParams params = IvfParams.of(8, quantizer, 3, 2);
    IvfIndex index = new IvfBuilder(rows, metric, params, KERNELS).build();
    CalibrationQueries calibration =
        CalibrationQueries.sample(rows, metric, 120, 10, 7, 2, KERNELS);
    Curve curve = new Calibration(index, rows, calibration, KERNELS, 2).run(new int[] {10});
    MutableRoaringBitmap half = new MutableRoaringBitmap();
    for (int row = 0; row < ROWS; row += 2) {
      half.add(row);
    }
    for (double target : new double[] {0.9, 0.95}) {
      holds(index, curve, all, rows, target, null);
      holds(index, curve, all, rows, target, half);
    }
  }

  private static void holds(
      IvfIndex index,
      Curve curve,
      MemoryRows all,
      MemoryRows rows,
      double target,
      MutableRoaringBitmap matching) {
    MutableRoaringBitmap candidates =
        matching == null ? MutableRoaringBitmap.bitmapOfRange(0, ROWS) : matching;
    AllowedRows allowed = matching == null ? null : AllowedRows.of(ROWS, matching, null);
    IvfSearcher searcher = new IvfSearcher(index, rows, KERNELS);
    IvfSearcher scalar = new IvfSearcher(index, rows, AnnKernels.scalar());
    float[] query = new float[rows.dimension()];
    int hits = 0;
    for (int q = 0; q < QUERIES; q++) {
      all.copy(ROWS + q, query);
      float worst = searcher.exact(query, 10, candidates).key(9);
      TopRows top = searcher.search(query, 10, curve, target, allowed);
      assertEquals(10, top.size());
      for (int i = 0; i < 10; i++) {
        hits += top.key(i) <= worst ? 1 : 0;
      }
      if (q < 3) {
        TopRows same = scalar.search(query, 10, curve, target, allowed);
        for (int i = 0; i < 10; i++) {
          assertEquals(top.row(i), same.row(i));
          assertEquals(top.key(i), same.key(i));
        }
      }
    }
    double recall = hits / 10.0 / QUERIES;
    System.out.printf(
        "%s %s x %d, %s: target %.2f, recall %.4f%n",
        AnnIndex.algorithm(index),
        index.metric(),
        rows.dimension(),
        matching == null ? "all rows" : "half of the rows",
        target,
        recall);
    assertTrue(recall >= target, "recall " + recall);
  }

  private static void stretch(MemoryRows rows) {
    SplitMix64 random = new SplitMix64(13);
    float[] row = new float[rows.dimension()];
    for (int i = 0; i < rows.rows(); i++) {
      rows.copy(i, row);
      float factor = (float) Math.exp(0.7 * random.gaussian());
      for (int d = 0; d < row.length; d++) {
        row[d] *= factor;
      }
      rows.set(i, row);
    }
  }
}
