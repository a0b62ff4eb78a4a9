package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.bytes.LittleEndian;
import io.slab.model.Metric;
import io.slab.vector.CanonicalScore;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain loops and vector instructions give equal results, and right ones. */
class KernelEqualityTest {
  private static final AnnKernels SCALAR = AnnKernels.scalar();
  private static final AnnKernels VECTOR = VectorKernels.INSTANCE;

  private static MemoryRows gaussian(int rows, int dimension, long seed) {
    SplitMix64 random = new SplitMix64(seed);
    MemoryRows data = MemoryRows.allocate(rows, dimension);
    float[] row = new float[dimension];
    for (int i = 0; i < rows; i++) {
      for (int d = 0; d < dimension; d++) {
        row[d] = (float) random.gaussian();
      }
      data.set(i, row);
    }
    return data;
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 32, 64, 196, 1040, 5000})
  void sumsAreThoseOfTheTables(int groups) {
    SplitMix64 random = new SplitMix64(groups);
    int blocks = groups > 1000 ? 2 : 64;
    int most = QueryTable.maxEntry(groups);
    byte[] table = new byte[16 * groups];
    for (int i = 0; i < table.length; i++) {
      table[i] = (byte) random.below(most + 1);
    }
    MemorySegment codes = NativeMemory.allocate(16L * groups * blocks);
    for (long i = 0; i < codes.byteSize(); i++) {
      codes.set(ValueLayout.JAVA_BYTE, i, (byte) random.next());
    }
    FastScan[] scans = scans(groups);
    for (FastScan scan : scans) {
      scan.prepare(table);
      scan.sums(codes, 0, all(blocks), blocks);
    }
    for (int row = 0; row < blocks * FastScan.BLOCK; row++) {
      int expected = 0;
      int slot = row % FastScan.BLOCK;
      for (int g = 0; g < groups; g++) {
        long at =
            16L * (row / FastScan.BLOCK * (long) groups + g) + 2L * (slot & 7) + (slot >> 3 & 1);
        int nibble = codes.get(ValueLayout.JAVA_BYTE, at) >> (slot < 16 ? 0 : 4) & 15;
        expected += table[16 * g + nibble];
      }
      for (FastScan scan : scans) {
        assertEquals(expected, scan.sum(row), scan.getClass() + " row " + row);
      }
    }
  }

  /** All there are, whichever of them this machine would take. */
  private static FastScan[] scans(int groups) {
    return new FastScan[] {
      SCALAR.fastScan(groups), new VectorFastScan(groups), new WideFastScan(groups)
    };
  }

  private static int[] all(int blocks) {
    return java.util.stream.IntStream.range(0, blocks).toArray();
  }

  /** Some blocks of a list give what all of them give. */
  @Test
  void blocksCanBePicked() {
    SplitMix64 random = new SplitMix64(9);
    int groups = 32;
    int blocks = 20;
    MemorySegment lists = NativeMemory.allocate((16L * groups + FastScan.FACTOR_BYTES) * blocks);
    long factors = 16L * groups * blocks;
    for (long i = 0; i < factors; i++) {
      lists.set(ValueLayout.JAVA_BYTE, i, (byte) random.next());
    }
    for (long i = factors; i < lists.byteSize(); i += 4) {
      lists.set(LittleEndian.FLOAT, i, (float) random.gaussian());
    }
    Probe probe = new Probe();
    probe.step = 0.1f;
    probe.tilt = 1;
    int[] picked = {1, 2, 7, 19};
    for (int kind = 0; kind < 3; kind++) {
      FastScan whole = scans(groups)[kind];
      FastScan some = scans(groups)[kind];
      byte[] table = new byte[16 * groups];
      for (int i = 0; i < table.length; i++) {
        table[i] = (byte) (i * 7 & 63);
      }
      whole.prepare(table);
      some.prepare(table);
      whole.sums(lists, 0, all(blocks), blocks);
      whole.bounds(lists, factors, all(blocks), blocks, probe, 0.5f);
      some.sums(lists, 0, picked, picked.length);
      some.bounds(lists, factors, picked, picked.length, probe, 0.5f);
      for (int place = 0; place < picked.length; place++) {
        assertEquals(whole.survives(picked[place]), some.survives(place));
        for (int i = 0; i < 32; i++) {
          assertEquals(whole.sum(32 * picked[place] + i), some.sum(32 * place + i));
          assertEquals(whole.bound(32 * picked[place] + i), some.bound(32 * place + i));
        }
      }
    }
  }

  @Test
  void boundsHaveTheSameBits() {
    SplitMix64 random = new SplitMix64(5);
    int groups = 16;
    int blocks = 7;
    MemorySegment lists = NativeMemory.allocate((16L * groups + FastScan.FACTOR_BYTES) * blocks);
    long factors = 16L * groups * blocks;
    for (long i = 0; i < factors; i++) {
      lists.set(ValueLayout.JAVA_BYTE, i, (byte) random.next());
    }
    for (long i = factors; i < lists.byteSize(); i += 4) {
      lists.set(LittleEndian.FLOAT, i, (float) random.gaussian());
    }
    byte[] table = new byte[16 * groups];
    for (int i = 0; i < table.length; i++) {
      table[i] = (byte) random.below(64);
    }
    Probe probe = new Probe();
    probe.step = 0.013f;
    probe.bias = -3.7f;
    probe.base = 2.5f;
    probe.tilt = 0.7f;
    probe.spread = 1.3f;
    FastScan[] scans = scans(groups);
    for (FastScan scan : scans) {
      scan.prepare(table);
      scan.sums(lists, 0, all(blocks), blocks);
      scan.bounds(lists, factors, all(blocks), blocks, probe, 1.5f);
    }
    float[] copied = new float[blocks * FastScan.BLOCK];
    for (FastScan scan : scans) {
      scan.copyBounds(copied, copied.length);
      for (int row = 0; row < blocks * FastScan.BLOCK; row++) {
        int bits = Float.floatToRawIntBits(scans[0].bound(row));
        assertEquals(bits, Float.floatToRawIntBits(scan.bound(row)));
        assertEquals(bits, Float.floatToRawIntBits(copied[row]));
        boolean survives = (scan.survives(row / 32) >>> row % 32 & 1) != 0;
        assertEquals(!(scans[0].bound(row) > 1.5f), survives);
      }
    }
  }

  @Test
  void aScanStaysInsideTheSection() {
    MemorySegment lists = NativeMemory.allocate(64 * 3);
    for (FastScan scan : scans(4)) {
      scan.sums(lists, 0, all(3), 3);
      assertThrows(IndexOutOfBoundsException.class, () -> scan.sums(lists, 0, all(4), 4));
      assertThrows(IndexOutOfBoundsException.class, () -> scan.sums(lists, 64, all(3), 3));
      assertThrows(IndexOutOfBoundsException.class, () -> scan.sums(lists, 0, new int[] {0, 3}, 2));
      assertThrows(IndexOutOfBoundsException.class, () -> scan.sums(lists, -64, all(1), 1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 6, 16, 17, 64, 65, 200})
  void nearestCentroidsAgree(int count) {
    int padded = 48;
    int rows = 211;
    MemoryRows data = gaussian(rows, padded, 1);
    MemoryRows centres = gaussian(count, padded, 2);
    Cells cells = Cells.allocate(count, padded);
    float[] vector = new float[padded];
    for (int cell = 0; cell < count; cell++) {
      centres.copy(cell, vector);
      cells.set(cell, vector);
    }
    int[] scalar = new int[rows + 1];
    int[] simd = new int[rows + 1];
    SCALAR.nearest(data.slice(0, rows), rows, padded, cells.panels(), cells.squares(), scalar, 1);
    VECTOR.nearest(data.slice(0, rows), rows, padded, cells.panels(), cells.squares(), simd, 1);
    assertArrayEquals(scalar, simd);
    float[] dots = new float[cells.squares().length];
    float[] dots2 = new float[cells.squares().length];
    float[] row = new float[padded];
    for (int i = 0; i < rows; i++) {
      data.copy(i, row);
      SCALAR.dots(row, cells.panels(), Cells.panelCount(count), dots);
      VECTOR.dots(row, cells.panels(), Cells.panelCount(count), dots2);
      assertArrayEquals(dots, dots2, 0f);
      double best = Double.POSITIVE_INFINITY;
      for (int cell = 0; cell < count; cell++) {
        centres.copy(cell, vector);
        best = Math.min(best, CanonicalScore.squaredDistance(row, vector));
      }
      centres.copy(simd[i + 1], vector);
      assertEquals(best, CanonicalScore.squaredDistance(row, vector), 1e-4 * best);
    }
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void scoresAreCanonical(Metric metric) {
    for (int dimension : new int[] {1, 2, 3, 4, 5, 7, 8, 31, 128, 129, 784}) {
      MemoryRows data = gaussian(9, dimension, dimension);
      MemoryRows heap =
          new MemoryRows(
              9, dimension, MemorySegment.ofArray(data.slice(0, 9).toArray(ValueLayout.JAVA_BYTE)));
      float[] query = new float[dimension];
      gaussian(1, dimension, 99).copy(0, query);
      float[] row = new float[dimension];
      int[] ordinals = {7, 0, 3, 8};
      for (int count = 1; count <= 4; count++) {
        for (AnnKernels kernels : new AnnKernels[] {SCALAR, VECTOR}) {
          for (MemoryRows rows : new MemoryRows[] {data, heap}) {
            Reranker reranker = kernels.reranker(metric, dimension);
            reranker.prepare(query);
            float[] scores = new float[4];
            reranker.score(rows, ordinals, count, scores);
            for (int i = 0; i < count; i++) {
              data.copy(ordinals[i], row);
              assertEquals((float) CanonicalScore.dense(metric, query, row), scores[i], 0f);
            }
          }
        }
      }
    }
  }
}
