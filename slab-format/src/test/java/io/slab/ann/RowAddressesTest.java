package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.format.section.DenseRows;
import io.slab.model.Metric;
import io.slab.testkit.SyntheticRows;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every byte that is read was asked for once, so that its checksum was looked at. */
class RowAddressesTest {
  /** Notes what is asked for, and fails when told to. */
  private static final class Watched implements DenseRows {
    final MemoryRows rows;
    final boolean isMapped;
    final List<Integer> asked = new ArrayList<>();
    int failAfter = Integer.MAX_VALUE;

    Watched(MemoryRows rows, boolean isMapped) {
      this.rows = rows;
      this.isMapped = isMapped;
    }

    @Override
    public int rows() {
      return rows.rows();
    }

    @Override
    public int dimension() {
      return rows.dimension();
    }

    @Override
    public MemorySegment slice(int first, int count) {
      if (failAfter-- == 0) {
        throw new IllegalStateException("the wire is cut");
      }
      asked.add(first);
      return rows.slice(first, count);
    }

    @Override
    public MemorySegment mapped() {
      return isMapped ? rows.mapped() : null;
    }

    @Override
    public MemorySegment inverseNorms(int first, int count) {
      return null;
    }

    @Override
    public void copy(int row, float[] target) {
      rows.copy(row, target);
    }
  }

  @Test
  void stretchesAreAskedForOnce() {
    // 512 bytes a row: 128 rows share a checksum.
    Watched rows = new Watched(MemoryRows.allocate(1_000, 128), true);
    RowAddresses addresses = new RowAddresses(rows);
    long base = rows.mapped().address();
    for (int row : new int[] {5, 6, 127, 128, 5, 200, 999}) {
      assertEquals(base + 512L * row, addresses.of(row, 0));
    }
    assertEquals(List.of(5, 128, 999), rows.asked);
    assertThrows(IndexOutOfBoundsException.class, () -> addresses.of(1_000, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> addresses.of(-1, 0));
  }

  @Test
  void rowsAcrossStretchesTakeBoth() {
    // 3,000 bytes a row: row 21 begins in the first stretch and ends in the second.
    Watched rows = new Watched(MemoryRows.allocate(100, 750), true);
    RowAddresses addresses = new RowAddresses(rows);
    for (int row : new int[] {0, 20, 21, 22, 40}) {
      addresses.of(row, 0);
    }
    assertEquals(List.of(0, 21), rows.asked);
  }

  @Test
  void rowsLongerThanAStretchAreAlwaysAskedFor() {
    Watched rows = new Watched(MemoryRows.allocate(10, 20_000), true);
    RowAddresses addresses = new RowAddresses(rows);
    for (int row : new int[] {3, 5, 4, 4}) {
      addresses.of(row, 0);
    }
    assertEquals(List.of(3, 5, 4, 4), rows.asked);
  }

  /** What a failed search left behind is not in the answer of the next. */
  @Test
  void aSearchAfterAFailureStartsAnew() {
    SyntheticRows clusters = new SyntheticRows(24, 30, 6, 0.08f, 0.05f, 3);
    MemoryRows made = clusters.generate(0, 4_000);
    IvfParams params = IvfParams.of(20, Quantizer.SIGN, 7, 1);
    IvfIndex index = new IvfBuilder(made, Metric.EUCLIDEAN, params, AnnKernels.best()).build();
    MemoryRows data = LaidOut.of(made, index);
    float[] query = new float[24];
    float[] other = new float[24];
    clusters.generate(5_000, 1).copy(0, query);
    clusters.generate(6_000, 1).copy(0, other);
    Effort effort = new Effort(20, 1.9f);
    int failures = 0;
    for (AnnKernels kernels : new AnnKernels[] {AnnKernels.scalar(), AnnKernels.best()}) {
      for (int after = 0; after < 40; after++) {
        Watched rows = new Watched(data, false);
        IvfSearcher searcher = new IvfSearcher(index, rows, kernels);
        rows.failAfter = after;
        try {
          searcher.search(query, 10, effort, null);
        } catch (IllegalStateException e) {
          failures++;
        }
        rows.failAfter = Integer.MAX_VALUE;
        TopRows found = searcher.search(other, 10, effort, null);
        TopRows wanted = new IvfSearcher(index, data, kernels).search(other, 10, effort, null);
        for (int i = 0; i < wanted.size(); i++) {
          assertEquals(wanted.row(i), found.row(i));
        }
      }
    }
    assertTrue(failures > 10, failures + " failures");
  }
}
