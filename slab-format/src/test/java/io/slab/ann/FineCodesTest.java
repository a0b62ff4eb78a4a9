package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.bytes.LittleEndian;
import io.slab.model.Metric;
import io.slab.testkit.SyntheticRows;
import io.slab.vector.CanonicalScore;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Fine codes say what the text says, in both kernels, and more exactly than codes do. */
class FineCodesTest {
  private static final int DIMENSION = 40;
  private static final SyntheticRows CLUSTERS =
      new SyntheticRows(DIMENSION, 30, 10, 0.2f, 0.3f, 11);

  @ParameterizedTest
  @EnumSource(Quantizer.class)
  void bothKernelsGiveTheSameProducts(Quantizer quantizer) {
    SplitMix64 random = new SplitMix64(5);
    for (int padded : new int[] {16, 48, 64, 112, 128, 400, 1536}) {
      ListLayout layout = ListLayout.of(quantizer, padded);
      MemorySegment bytes = NativeMemory.allocate(layout.bytes(64));
      for (long i = 0; i < bytes.byteSize(); i++) {
        bytes.set(ValueLayout.JAVA_BYTE, i, (byte) random.next());
      }
      float[] query = new float[padded];
      for (int d = 0; d < padded; d++) {
        query[d] = (float) random.gaussian();
      }
      QueryTable table = table(quantizer, query);
      FineScan scalar = AnnKernels.scalar().fineScan(quantizer, padded);
      FineScan vector = VectorKernels.INSTANCE.fineScan(quantizer, padded);
      scalar.prepare(query, table);
      vector.prepare(query, table);
      for (int row = 0; row < 64; row++) {
        long at = layout.fineAt(64) + (long) layout.fineBytes() * row + ListLayout.FINE_FACTORS;
        float product = scalar.product(bytes, at);
        assertEquals(product, vector.product(bytes, at), quantizer + " " + padded);
        assertEquals(plain(quantizer, query, bytes, at), product, 1e-3 * padded);
      }
    }
  }

  /** Sum over the dimensions as the specification numbers the bits. */
  private static double plain(Quantizer quantizer, float[] query, MemorySegment bytes, long at) {
    int bits = quantizer.digitBits();
    int size = query.length * bits / 8;
    int most = (1 << bits) - 1;
    double sum = 0;
    for (int d = 0; d < query.length; d++) {
      int digit = bytes.get(ValueLayout.JAVA_BYTE, at + d % size) >> bits * (d / size) & most;
      sum += (2 * digit - most) * (double) query[d];
    }
    return sum;
  }

  private static QueryTable table(Quantizer quantizer, float[] query) {
    QueryTable table = new QueryTable(quantizer.groups(query.length));
    if (quantizer == Quantizer.SIGN) {
      SignEncoder.INSTANCE.table(query, table);
    } else {
      float[] points = new float[16 * query.length];
      SplitMix64 random = new SplitMix64(6);
      for (int i = 0; i < points.length; i++) {
        points[i] = (float) random.gaussian();
      }
      new PqCodebook(query.length, points, 1).table(query, table);
    }
    return table;
  }

  @Test
  void theProductOfACodeIsExact() {
    float[] query = new float[32];
    for (int d = 0; d < query.length; d++) {
      query[d] = 1 << d % 8;
    }
    QueryTable table = table(Quantizer.SIGN, query);
    FineScan scan = AnnKernels.best().fineScan(Quantizer.SIGN, 32);
    scan.prepare(query, table);
    MemorySegment block = NativeMemory.allocate(16 * 8);
    // Row 17 is the high nibble of byte 2 of a group.
    for (int g = 0; g < 8; g++) {
      block.set(ValueLayout.JAVA_BYTE, 16 * g + 2, (byte) (g << 4));
    }
    double expected = 0;
    for (int d = 0; d < 32; d++) {
      expected += (d / 4 >> d % 4 & 1) == 1 ? query[d] : -query[d];
    }
    assertEquals(expected, scan.coarse(block, 0, 17));
  }

  /** The estimate is the key on average, off by what the record says, which is less than before. */
  @ParameterizedTest
  @CsvSource({
    "EUCLIDEAN, SIGN, 0.35",
    "COSINE, SIGN, 0.35",
    "DOTPRODUCT, SIGN, 0.35",
    "EUCLIDEAN, PQ, 0.75"
  })
  void estimatesAreUnbiasedAndMoreExact(Metric metric, Quantizer quantizer, double ratio) {
    MemoryRows data = CLUSTERS.generate(0, 2_000);
    IvfParams params = IvfParams.of(10, quantizer, 7, 2);
    IvfIndex index = new IvfBuilder(data, metric, params, AnnKernels.best()).build();
    MemoryRows rows = LaidOut.of(data, index);
    MemoryRows queries = CLUSTERS.generate(2_000, 20);
    float[] query = new float[DIMENSION];
    Totals totals = new Totals();
    for (int q = 0; q < queries.rows(); q++) {
      queries.copy(q, query);
      add(index, rows, query, totals);
    }
    assertEquals(0, totals.sum / totals.count, 0.1, "mean");
    assertEquals(1, Math.sqrt(totals.squares / totals.count), 0.25, "deviation");
    assertTrue(totals.fine < ratio * totals.coarse, totals.fine + " of " + totals.coarse);
  }

  private static final class Totals {
    double sum;
    double squares;
    double fine;
    double coarse;
    int count;
  }

  private static void add(IvfIndex index, MemoryRows rows, float[] query, Totals totals) {
    float[] rotated = new float[index.padded()];
    index.space(AnnKernels.best()).load(query, rotated);
    QueryTable table = new QueryTable(index.groups());
    index.encoder().table(rotated, table);
    FastScan scan = AnnKernels.best().fastScan(index.groups());
    scan.prepare(table.entries);
    FineEstimator fine = new FineEstimator(index, AnnKernels.best());
    fine.start(rotated, table);
    Probe probe = new Probe();
    CellGeometry geometry = new CellGeometry(index, AnnKernels.best());
    geometry.prepare(rotated, scan, probe);
    float[] row = new float[DIMENSION];
    for (int cell = 0; cell < index.cells(); cell++) {
      CodeList list = CodeList.of(index, cell);
      geometry.aim(cell, 1, probe);
      for (int i = 0; i < list.rows(); i++) {
        rows.copy(list.row(i), row);
        fine.look(list, i, probe);
        double error = fine.estimate - fine.bound;
        long coarse = list.factorsAt() + (long) FastScan.FACTOR_BYTES * (i / 32) + 4L * (i % 32);
        if (error > 0) {
          double z = (key(index.metric(), query, row) - fine.estimate) / error;
          totals.sum += z;
          totals.squares += z * z;
          totals.fine += error;
          totals.coarse += list.bytes().get(LittleEndian.FLOAT, coarse + 256) * probe.spread;
          totals.count++;
        }
      }
    }
  }

  private static double key(Metric metric, float[] query, float[] row) {
    double score = CanonicalScore.dense(metric, query, row);
    return switch (metric) {
      case COSINE -> 2 - 2 * score;
      case DOTPRODUCT -> -score;
      case EUCLIDEAN -> score;
    };
  }
}
