package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slab.model.Metric;
import io.slab.testkit.Breadth;
import io.slab.testkit.NpyMatrix;
import io.slab.testkit.SyntheticRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The recall promised holds on queries that were not used to measure it. */
class CalibrationIT {
  private static final AnnKernels KERNELS = AnnKernels.best();

  private static AnnIndex choose(MemoryRows rows, Metric metric) {
    return new AnnChooser(rows, metric, 21, 2, KERNELS).choose();
  }

  /** Recall by score, so that duplicates count for each other. */
  private static double recall(
      AnnIndex chosen, MemoryRows data, MemoryRows queries, int k, double target, int count) {
    MemoryRows rows = LaidOut.of(data, chosen.index());
    IvfSearcher searcher = new IvfSearcher(chosen.index(), rows, KERNELS);
    Metric metric = chosen.index().metric();
    Effort effort = chosen.curve().effortFor(target, k);
    float[] query = new float[rows.dimension()];
    long hits = 0;
    for (int q = 0; q < count; q++) {
      queries.copy(q, query);
      float worst = worst(rows, metric, query, k);
      TopRows top = searcher.search(query, k, effort, null);
      assertEquals(k, top.size());
      for (int i = 0; i < k; i++) {
        hits += top.key(i) <= worst ? 1 : 0;
      }
    }
    double recall = (double) hits / k / count;
    System.out.printf(
        "%s %s %d x %d: %d cells, target %.2f at k = %d: effort %s, recall %.4f%n",
        chosen.algorithm(),
        metric,
        rows.rows(),
        rows.dimension(),
        chosen.index().cells(),
        target,
        k,
        effort,
        recall);
    return recall;
  }

  private static float worst(MemoryRows rows, Metric metric, float[] query, int k) {
    Reranker reranker = KERNELS.reranker(metric, rows.dimension());
    reranker.prepare(query);
    TopRows top = new TopRows(metric.largerIsNearer(), row -> row);
    top.start(k);
    int[] ordinals = new int[4];
    float[] scores = new float[4];
    for (int row = 0; row < rows.rows(); row += 4) {
      int count = Math.min(4, rows.rows() - row);
      for (int i = 0; i < count; i++) {
        ordinals[i] = row + i;
      }
      reranker.score(rows, ordinals, count, scores);
      for (int i = 0; i < count; i++) {
        top.add(row + i, scores[i]);
      }
    }
    top.finish();
    return top.key(k - 1);
  }

  private static void holds(AnnIndex chosen, MemoryRows rows, MemoryRows queries, int count) {
    for (double target : new double[] {0.9, 0.95, 0.99}) {
      for (int k : new int[] {10, 100}) {
        assertTrue(recall(chosen, rows, queries, k, target, count) >= target, "target " + target);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void holdsOnClusters(Metric metric) {
    SyntheticRows generator = new SyntheticRows(96, 80, 10, 0.08f, 0.05f, 9);
    MemoryRows rows = generator.generate(0, 12_000);
    AnnIndex chosen = choose(rows, metric);
    assertNotNull(chosen);
    holds(chosen, rows, generator.generate(12_000, 150), 150);
  }

  /** No structure to use: cells hardly help, and the curve says so. */
  @Test
  void holdsOnNoise() {
    int dimension = 64;
    SplitMix64 random = new SplitMix64(77);
    MemoryRows rows = MemoryRows.allocate(8_100, dimension);
    float[] row = new float[dimension];
    for (int i = 0; i < rows.rows(); i++) {
      for (int d = 0; d < dimension; d++) {
        row[d] = (float) random.gaussian();
      }
      rows.set(i, row);
    }
    MemoryRows data = new MemoryRows(8_000, dimension, rows.slice(0, 8_000));
    MemoryRows queries = new MemoryRows(100, dimension, rows.slice(8_000, 100));
    CalibrationQueries calibration =
        CalibrationQueries.sample(data, Metric.EUCLIDEAN, 160, 100, 1, 2, KERNELS);
    IvfParams params = IvfParams.of(20, Quantizer.SIGN, 3, 2);
    IvfIndex index = new IvfBuilder(data, Metric.EUCLIDEAN, params, KERNELS).build();
    Curve curve =
        new Calibration(index, data, index.order(), calibration, KERNELS, 2)
            .run(Calibration.RESULTS);
    assertTrue(curve.effortFor(0.95, 10).probes() >= index.cells() / 2);
    holds(new AnnIndex(AnnIndex.IVF, index, curve), data, queries, 100);
  }

  @Test
  void withoutMeasurementsAllCellsAreVisited() {
    Curve curve = new Curve(List.of());
    Effort effort = curve.effortFor(0.9, 10);
    assertEquals(Effort.FULL.probes(), effort.probes());
    assertEquals(1.4 * 1.372, effort.margin(), 0.01, "what 0.85 in ten exceed, and some more");
    assertEquals(Effort.FULL, curve.effortFor(0.999_999, 10));
    assertEquals(Effort.FULL.probes(), curve.probesFor(0.9, 10));
    assertTrue(curve.cellsFor(0.9, 1_000) >= Effort.FULL.probes());
  }

  @Test
  void fewRowsAreScannedExactly() {
    SyntheticRows generator = SyntheticRows.standard(16);
    assertNull(choose(generator.generate(0, AnnChooser.MIN_ROWS - 1), Metric.EUCLIDEAN));
  }

  @Test
  void theCurvePicksTheCheapestRungThatIsSure() {
    CurvePoint cheap = new CurvePoint(10, new Effort(2, 1), 0.97, 0.94, 0, 0, 0, 0, 5);
    CurvePoint fair = new CurvePoint(10, new Effort(4, 1), 0.98, 0.96, 0, 0, 0, 0, 9);
    CurvePoint dear = new CurvePoint(10, new Effort(3, 2), 0.98, 0.97, 0, 0, 0, 0, 11);
    Curve curve = new Curve(List.of(dear, cheap, fair));
    assertEquals(fair.effort(), curve.effortFor(0.95, 10));
    assertEquals(cheap.effort(), curve.effortFor(0.94, 10));
    assertEquals(dear.effort(), curve.effortFor(0.94, 1), "of fewer a narrow margin loses more");
    assertEquals(dear.effort(), curve.effortFor(0.97, 10));
    assertEquals(Effort.FULL, curve.effortFor(0.98, 10));
    assertEquals(new Effort(40, 1), curve.effortFor(0.95, 100));
  }

  @Test
  void holdsOnFashionImages() throws IOException {
    Path folder = data("fashion-mnist-784");
    MemoryRows rows = some(NpyMatrix.read(folder.resolve("base.u8.npy")));
    holds(
        choose(rows, Metric.EUCLIDEAN),
        rows,
        NpyMatrix.read(folder.resolve("queries.u8.npy")),
        150);
  }

  @Test
  void holdsOnNotes() throws IOException {
    Path folder = data("notes-384");
    MemoryRows rows = some(NpyMatrix.read(folder.resolve("base.npy")));
    holds(choose(rows, Metric.COSINE), rows, NpyMatrix.read(folder.resolve("queries.npy")), 370);
  }

  private static MemoryRows some(MemoryRows all) {
    int count = Math.min(Breadth.of(9_000, Integer.MAX_VALUE), all.rows());
    return new MemoryRows(count, all.dimension(), all.slice(0, count));
  }

  /** Real data lies beside the project or where SLAB_DATA says. */
  private static Path data(String name) {
    String named = System.getenv("SLAB_DATA");
    Path root = Path.of(System.getProperty("slab.root", ".."));
    Path folder =
        (named == null ? root.resolveSibling("shared").resolve("data") : Path.of(named))
            .resolve(name);
    assumeTrue(Files.isDirectory(folder), () -> "skipped: no real data at " + folder);
    return folder;
  }
}
