package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.model.Metric;
import io.slab.testkit.SyntheticRows;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** Whichever way the allowed rows of the cells are found out, they are those of the bitmaps. */
class AllowedRowsTest {
  private static final int ROWS = 70_000;

  private static IvfIndex index(int cells) {
    MemoryRows rows = new SyntheticRows(16, 30, 6, 0.08f, 0.05f, 3).generate(0, ROWS);
    IvfParams params = IvfParams.of(cells, Quantizer.SIGN, 7, 2);
    return new IvfBuilder(rows, Metric.EUCLIDEAN, params, AnnKernels.best()).build();
  }

  /** Some rows at random; many, so that the bitmap holds bits, or few, or in runs. */
  private static MutableRoaringBitmap some(SplitMix64 random, double share, boolean runs) {
    MutableRoaringBitmap rows = new MutableRoaringBitmap();
    for (int row = 0; row < ROWS; row++) {
      if (random.unit() < share) {
        rows.add(row, runs ? Math.min(ROWS, row + 50L) : row + 1L);
      }
    }
    if (runs) {
      rows.runOptimize();
    }
    return rows;
  }

  private static void check(
      IvfIndex index,
      AllowedRows allowed,
      ImmutableRoaringBitmap matching,
      MutableRoaringBitmap dead) {
    int total = 0;
    for (int cell = 0; cell < index.cells(); cell++) {
      MemorySegment list = index.list(cell);
      int count = 0;
      CellMask mask = allowed.mask(index, cell);
      for (int i = 0; i < index.directory().rows()[cell]; i++) {
        int row = index.row(list, i);
        boolean is = matching.contains(row) && (dead == null || !dead.contains(row));
        count += is ? 1 : 0;
        if (mask.count() > 0) {
          assertEquals(is, (mask.block(i / FastScan.BLOCK) >>> i & 1) != 0);
        }
      }
      assertEquals(count, mask.count());
      assertEquals(count, allowed.count(index, cell));
      total += count;
    }
    assertEquals(total, allowed.count());
  }

  @Test
  void masksAreThoseOfTheBitmaps() {
    SplitMix64 random = new SplitMix64(5);
    for (IvfIndex index : new IvfIndex[] {index(60), index(1)}) {
      RowSlots slots = new RowSlots(index);
      for (double share : new double[] {0.5, 0.2, 0.01, 0.0001, 0}) {
        for (boolean runs : new boolean[] {false, true}) {
          MutableRoaringBitmap matching = some(random, share, runs);
          MutableRoaringBitmap dead = runs ? some(random, 0.1, false) : null;
          check(index, AllowedRows.of(ROWS, matching, dead), matching, dead);
          AllowedRows spread = AllowedRows.of(ROWS, matching, dead, slots);
          spread.expect(index, index.cells());
          check(index, spread, matching, dead);
        }
      }
    }
  }

  @Test
  void aFilterBelongsToItsIndex() {
    IvfIndex one = index(20);
    RowSlots slots = new RowSlots(one);
    AllowedRows.of(ROWS, MutableRoaringBitmap.bitmapOf(1), null, slots);
    AllowedRows second = AllowedRows.of(ROWS, MutableRoaringBitmap.bitmapOf(1), null, slots);
    assertThrows(IllegalArgumentException.class, () -> second.mask(index(10), 0));
  }
}
