package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.bytes.LittleEndian;
import io.slab.model.Metric;
import io.slab.testkit.SyntheticRows;
import io.slab.vector.CanonicalScore;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

class IvfIndexIT {
  private static final SyntheticRows CLUSTERS = new SyntheticRows(40, 30, 8, 0.05f, 0.1f, 3);
  private static final int ROWS = 6_000;
  private static final AnnKernels VECTOR = VectorKernels.INSTANCE;

  private static IvfIndex build(
      MemoryRows rows, Metric metric, int cells, Quantizer quantizer, int threads, AnnKernels k) {
    return new IvfBuilder(rows, metric, IvfParams.of(cells, quantizer, 17, threads), k).build();
  }

  private static IvfIndex build(MemoryRows rows, Metric metric, int cells, Quantizer quantizer) {
    return build(rows, metric, cells, quantizer, 2, VECTOR);
  }

  private static MemorySegment lists(IvfIndex index) {
    return index.lists().slice(0, index.listBytes());
  }

  /** Row ordinals of the true nearest, by the canonical order. */
  static int[] exact(MemoryRows rows, Metric metric, float[] query, int k, IntPredicate allowed) {
    TopRows top = new TopRows(metric.largerIsNearer(), row -> row);
    top.start(k);
    float[] row = new float[rows.dimension()];
    for (int i = 0; i < rows.rows(); i++) {
      if (allowed.test(i)) {
        rows.copy(i, row);
        top.add(i, (float) CanonicalScore.dense(metric, query, row));
      }
    }
    top.finish();
    return rows(top);
  }

  static int[] rows(TopRows top) {
    int[] rows = new int[top.size()];
    Arrays.setAll(rows, top::row);
    return rows;
  }

  private static double overlap(int[] found, int[] truth) {
    return (double)
            Arrays.stream(found).filter(r -> Arrays.stream(truth).anyMatch(t -> t == r)).count()
        / truth.length;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 40, 300})
  void everyRowLiesInOneList(int cells) {
    IvfIndex index = build(CLUSTERS.generate(0, ROWS), Metric.EUCLIDEAN, cells, Quantizer.SIGN);
    boolean[] seen = new boolean[ROWS];
    assertEquals(cells == 1, index.order() == null);
    int total = 0;
    int largest = 0;
    for (int cell = 0; cell < index.cells(); cell++) {
      assertEquals(0, index.directory().offset()[cell] % 64);
      assertEquals(0, index.factorsAt(cell) % 64);
      assertEquals(total, index.directory().firstRow()[cell]);
      int size = index.directory().rows()[cell];
      assertTrue(size > 0);
      largest = Math.max(largest, size);
      for (int i = 0; i < size; i++) {
        int rank = index.rank(index.list(cell), i);
        assertTrue(i == 0 || rank > index.rank(index.list(cell), i - 1));
        assertTrue(!seen[rank]);
        assertEquals(rank, index.rankOf(total));
        assertEquals(cells == 1 ? rank : index.order()[total], rank);
        seen[rank] = true;
        total++;
      }
      for (int i = size; i % 32 != 0; i++) {
        assertEquals(-1, index.list(cell).get(LittleEndian.INT, 4L * i));
      }
    }
    assertEquals(ROWS, total);
    assertTrue(cells == 1 || largest <= Math.max(64, 3 * ROWS / cells), "largest " + largest);
  }

  @ParameterizedTest
  @EnumSource(Quantizer.class)
  void bytesDependNeitherOnThreadsNorOnKernels(Quantizer quantizer) {
    MemoryRows rows = CLUSTERS.generate(0, 3_000);
    IvfIndex one = build(rows, Metric.COSINE, 20, quantizer, 1, VECTOR);
    IvfIndex many = build(rows, Metric.COSINE, 20, quantizer, 5, VECTOR);
    IvfIndex scalar = build(rows, Metric.COSINE, 20, quantizer, 2, AnnKernels.scalar());
    for (IvfIndex other : new IvfIndex[] {many, scalar}) {
      assertEquals(-1, lists(one).mismatch(lists(other)));
      assertEquals(-1, one.centroids().mismatch(other.centroids()));
      assertEquals(-1, one.directory().write().mismatch(other.directory().write()));
      assertArrayEquals(one.centre(), other.centre());
      assertEquals(one.codebook() == null, other.codebook() == null);
      assertTrue(one.codebook() == null || one.codebook().mismatch(other.codebook()) == -1);
    }
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void fullEffortIsExact(Metric metric) {
    MemoryRows data = CLUSTERS.generate(0, ROWS);
    MemoryRows queries = CLUSTERS.generate(ROWS, 40);
    float[] query = new float[data.dimension()];
    for (int cells : new int[] {1, 30}) {
      for (Quantizer quantizer : Quantizer.values()) {
        IvfIndex index = build(data, metric, cells, quantizer);
        MemoryRows rows = LaidOut.of(data, index);
        IvfSearcher vector = new IvfSearcher(index, rows, VECTOR);
        IvfSearcher scalar = new IvfSearcher(index, rows, AnnKernels.scalar());
        for (int q = 0; q < queries.rows(); q++) {
          queries.copy(q, query);
          int[] truth = exact(rows, metric, query, 10, row -> true);
          TopRows found = vector.search(query, 10, Effort.FULL, null);
          assertArrayEquals(truth, rows(found), metric + " query " + q);
          for (int probes : new int[] {1, 3}) {
            Effort little = new Effort(probes, 1.9f);
            int[] a = rows(vector.search(query, 25, little, null));
            int[] b = rows(scalar.search(query, 25, little, null));
            assertArrayEquals(a, b);
            assertEquals(vector.cost(), scalar.cost());
          }
        }
      }
    }
  }

  @Test
  void filtersNeverLoseResults() {
    MemoryRows data = CLUSTERS.generate(0, ROWS);
    IvfIndex index = build(data, Metric.EUCLIDEAN, 40, Quantizer.SIGN);
    MemoryRows rows = LaidOut.of(data, index);
    IvfSearcher searcher = new IvfSearcher(index, rows, VECTOR);
    float[] query = new float[rows.dimension()];
    CLUSTERS.generate(ROWS, 1).copy(0, query);
    SplitMix64 random = new SplitMix64(8);
    Effort least = new Effort(1, 0);
    for (int matches : new int[] {0, 1, 9, 10, 11, 100, 3_000}) {
      MutableRoaringBitmap matching = new MutableRoaringBitmap();
      while (matching.getCardinality() < matches) {
        matching.add(random.below(ROWS));
      }
      MutableRoaringBitmap dead = new MutableRoaringBitmap();
      matching.forEach((org.roaringbitmap.IntConsumer) row -> dead.flip(row + 1L, row + 2L));
      AllowedRows allowed = AllowedRows.of(ROWS, matching, dead);
      int live = MutableRoaringBitmap.andNot(matching, dead).getCardinality();
      assertEquals(live, allowed.count());
      TopRows top = searcher.search(query, 10, least, allowed);
      assertEquals(Math.min(10, live), top.size());
      for (int i = 0; i < top.size(); i++) {
        assertTrue(matching.contains(top.row(i)) && !dead.contains(top.row(i)));
      }
      top = searcher.search(query, 10, Effort.FULL, allowed);
      assertArrayEquals(
          exact(
              rows,
              Metric.EUCLIDEAN,
              query,
              10,
              row -> matching.contains(row) && !dead.contains(row)),
          rows(top),
          "matches " + matches);
    }
    assertNull(AllowedRows.of(ROWS, null, new MutableRoaringBitmap()));
    assertEquals(ROWS, searcher.search(query, ROWS + 5, least, null).size());
    assertEquals(0, searcher.search(query, 0, least, null).size());
  }

  @Test
  void listsWithoutAMatchAreNotScanned() {
    MemoryRows data = CLUSTERS.generate(0, ROWS);
    IvfIndex index = build(data, Metric.EUCLIDEAN, 40, Quantizer.SIGN);
    MemoryRows rows = LaidOut.of(data, index);
    MutableRoaringBitmap matching = new MutableRoaringBitmap();
    int cell = 7;
    int first = index.directory().firstRow()[cell];
    matching.add((long) first, (long) first + index.directory().rows()[cell]);
    IvfSearcher searcher = new IvfSearcher(index, rows, VECTOR);
    float[] query = new float[rows.dimension()];
    CLUSTERS.generate(ROWS, 1).copy(0, query);
    AllowedRows allowed = AllowedRows.of(ROWS, matching, null);
    assertEquals(10, searcher.search(query, 10, Effort.FULL, allowed).size());
    assertEquals(1, searcher.cost().cells());
    assertEquals(matching.getCardinality(), searcher.cost().scanned());
  }

  /** The promise behind pruning: estimates are right on average and bounds hold nearly always. */
  @ParameterizedTest
  @EnumSource(Metric.class)
  void estimatesAreUnbiasedAndBounded(Metric metric) {
    MemoryRows data = CLUSTERS.generate(0, 2_000);
    IvfIndex index = build(data, metric, 10, Quantizer.SIGN);
    MemoryRows rows = LaidOut.of(data, index);
    VectorSpace space = index.space(VECTOR);
    QueryTable table = new QueryTable(index.groups());
    FastScan scan = VECTOR.fastScan(index.groups());
    CellGeometry geometry = new CellGeometry(index, VECTOR);
    Probe probe = new Probe();
    float[] query = new float[40];
    float[] row = new float[40];
    float[] rotated = new float[index.padded()];
    double sum = 0;
    int outside = 0;
    int count = 0;
    MemoryRows queries = CLUSTERS.generate(ROWS, 30);
    for (int q = 0; q < queries.rows(); q++) {
      queries.copy(q, query);
      space.load(query, rotated);
      SignEncoder.INSTANCE.table(rotated, table);
      scan.prepare(table.entries);
      probe.step = table.step;
      probe.bias = table.bias;
      geometry.prepare(rotated, scan, probe);
      for (int cell = 0; cell < index.cells(); cell++) {
        int size = Math.min(index.directory().rows()[cell], 2048);
        int blocks = ListLayout.blocks(size);
        int[] all = java.util.stream.IntStream.range(0, blocks).toArray();
        scan.sums(index.list(cell), index.codesAt(cell), all, blocks);
        float[][] keys = new float[2][size];
        for (int margin = 0; margin < 2; margin++) {
          geometry.aim(cell, margin, probe);
          scan.bounds(index.list(cell), index.factorsAt(cell), all, blocks, probe, 0);
          for (int i = 0; i < size; i++) {
            keys[margin][i] = scan.bound(i);
          }
        }
        for (int i = 0; i < size; i++) {
          rows.copy(index.directory().firstRow()[cell] + i, row);
          double score = CanonicalScore.dense(metric, query, row);
          double key =
              metric == Metric.COSINE
                  ? 2 - 2 * score
                  : metric == Metric.DOTPRODUCT ? -score : score;
          double deviation = keys[0][i] - keys[1][i];
          if (deviation > 0) {
            double z = (keys[0][i] - key) / deviation;
            sum += z;
            outside += z > 1.9 ? 1 : 0;
            count++;
          }
        }
      }
    }
    System.out.printf(
        "%s: mean z %.3f, outside %.4f of %d%n",
        metric, sum / count, (double) outside / count, count);
    assertEquals(0, sum / count, 0.1);
    assertTrue(outside < 0.06 * count, outside + " of " + count);
  }

  /** Norms that vary by a factor of a hundred: the nearest by inner product are the long ones. */
  @Test
  void innerProductWithVaryingNorms() {
    int dimension = 32;
    MemoryRows plain = new SyntheticRows(dimension, 40, 8, 0.1f, 0, 5).generate(0, ROWS);
    MemoryRows data = MemoryRows.allocate(ROWS, dimension);
    SplitMix64 random = new SplitMix64(1);
    float[] row = new float[dimension];
    for (int i = 0; i < ROWS; i++) {
      plain.copy(i, row);
      float scale = (float) Math.exp(1.2 * random.gaussian());
      for (int d = 0; d < dimension; d++) {
        row[d] *= scale;
      }
      data.set(i, row);
    }
    IvfIndex index = build(data, Metric.DOTPRODUCT, 40, Quantizer.SIGN);
    MemoryRows rows = LaidOut.of(data, index);
    IvfSearcher searcher = new IvfSearcher(index, rows, VECTOR);
    MemoryRows queries = new SyntheticRows(dimension, 40, 8, 0.1f, 0, 5).generate(ROWS, 60);
    double few = 0;
    for (int q = 0; q < queries.rows(); q++) {
      queries.copy(q, row);
      int[] truth = exact(rows, Metric.DOTPRODUCT, row, 10, i -> true);
      assertArrayEquals(truth, rows(searcher.search(row, 10, Effort.FULL, null)));
      few += overlap(rows(searcher.search(row, 10, new Effort(20, 1.9f), null)), truth);
    }
    System.out.printf(
        "inner product, 20 of %d cells: recall %.3f%n", index.cells(), few / queries.rows());
    assertTrue(few / queries.rows() > 0.9);
  }

  @Test
  void oddDataIsSurvived() {
    SplitMix64 random = new SplitMix64(4);
    for (Metric metric : Metric.values()) {
      for (int dimension : new int[] {1, 2, 3, 5000}) {
        int count = dimension > 100 ? 150 : 700;
        MemoryRows data = MemoryRows.allocate(count, dimension);
        float[] row = new float[dimension];
        for (int i = 0; i < count; i++) {
          for (int d = 0; d < dimension; d++) {
            // A third duplicates, a third far from the origin, a third tiny; never zero.
            row[d] =
                i % 3 == 0
                    ? 1
                    : i % 3 == 1
                        ? 1e4f + (float) random.gaussian()
                        : (float) random.gaussian() * 1e-3f;
          }
          data.set(i, row);
        }
        for (int cells : new int[] {1, 7}) {
          IvfIndex index = build(data, metric, cells, Quantizer.SIGN);
          MemoryRows rows = LaidOut.of(data, index);
          IvfSearcher searcher = new IvfSearcher(index, rows, VECTOR);
          data.copy(1, row);
          float[] expected = scores(rows, metric, row, exact(rows, metric, row, 5, i -> true));
          float[] found =
              scores(rows, metric, row, rows(searcher.search(row, 5, Effort.FULL, null)));
          assertEquals(5, found.length);
          // Far out, rows of many dimensions are nearer to each other than bounds can tell.
          double least =
              metric == Metric.EUCLIDEAN && dimension > 100 ? 1e8 * dimension / (1 << 24) : 0;
          double tolerance = Math.max(least, Math.abs(expected[0]) * 1e-6);
          assertEquals(expected[0], found[0], tolerance, metric + " " + dimension);
        }
      }
    }
  }

  private static float[] scores(MemoryRows rows, Metric metric, float[] query, int[] ordinals) {
    float[] scores = new float[ordinals.length];
    float[] row = new float[query.length];
    for (int i = 0; i < scores.length; i++) {
      rows.copy(ordinals[i], row);
      scores[i] = (float) CanonicalScore.dense(metric, query, row);
    }
    return scores;
  }

  @Test
  void directoryRoundTrips() {
    IvfIndex index = build(CLUSTERS.generate(0, 500), Metric.EUCLIDEAN, 5, Quantizer.SIGN);
    MemorySegment bytes = index.directory().write();
    CellDirectory read = CellDirectory.read(index.cells(), bytes);
    assertEquals(-1, bytes.mismatch(read.write()));
    assertNotEquals(0, bytes.byteSize());
  }
}
