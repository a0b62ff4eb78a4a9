package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.model.Metric;
import io.slab.testkit.SyntheticRows;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** The masks of cells are stretches of the bits of all rows, wherever the cells begin and end. */
class AllowedRowsTest {
  private static final int ROWS = 70_000;

  private static IvfIndex index(int rows, int cells) {
    MemoryRows data = new SyntheticRows(16, 30, 6, 0.08f, 0.05f, 3).generate(0, rows);
    IvfParams params = IvfParams.of(cells, Quantizer.SIGN, 7, 2);
    return new IvfBuilder(data, Metric.EUCLIDEAN, params, AnnKernels.best()).build();
  }

  /** Some rows at random; many, so that the bitmap holds bits, or few, or in runs. */
  private static MutableRoaringBitmap some(
      SplitMix64 random, int count, double share, boolean runs) {
    MutableRoaringBitmap rows = new MutableRoaringBitmap();
    for (int row = 0; row < count; row++) {
      if (random.unit() < share) {
        rows.add(row, runs ? Math.min(count, row + 50L) : row + 1L);
      }
    }
    if (runs) {
      rows.runOptimize();
    }
    return rows;
  }

  private static boolean is(int row, ImmutableRoaringBitmap matching, ImmutableRoaringBitmap dead) {
    return (matching == null || matching.contains(row)) && (dead == null || !dead.contains(row));
  }

  private static void check(
      IvfIndex index, ImmutableRoaringBitmap matching, ImmutableRoaringBitmap dead) {
    AllowedRows allowed = AllowedRows.of(index.rows(), matching, dead);
    int total = 0;
    for (int cell = 0; cell < index.cells(); cell++) {
      int first = index.directory().firstRow()[cell];
      int rows = index.directory().rows()[cell];
      CellMask mask = allowed.mask(index, cell);
      int count = 0;
      for (int block = 0; block < ListLayout.blocks(rows); block++) {
        int expected = 0;
        for (int i = block * FastScan.BLOCK; i < Math.min(rows, (block + 1) * 32); i++) {
          expected |= is(first + i, matching, dead) ? 1 << i : 0;
        }
        assertEquals(expected, mask.block(block), "cell " + cell + " block " + block);
        count += Integer.bitCount(expected);
      }
      assertEquals(count, allowed.count(index, cell), "cell " + cell);
      total += count;
    }
    assertEquals(total, allowed.count());
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 900, 1})
  void masksAreThoseOfTheBitmaps(int cells) {
    SplitMix64 random = new SplitMix64(5);
    IvfIndex index = index(ROWS, cells);
    for (double share : new double[] {1, 0.5, 0.2, 0.01, 0.0001, 0}) {
      for (boolean runs : new boolean[] {false, true}) {
        MutableRoaringBitmap matching = some(random, ROWS, share, runs);
        MutableRoaringBitmap dead = runs ? some(random, ROWS, 0.1, false) : null;
        check(index, matching, dead);
      }
    }
    check(index, null, some(random, ROWS, 0.3, false));
    check(index, null, MutableRoaringBitmap.bitmapOf(0, ROWS - 1));
  }

  /** Few rows a cell: their stretches begin and end at every bit of a word. */
  @Test
  void stretchesBeginAndEndAnywhere() {
    IvfIndex index = index(6_000, 400);
    Set<Integer> begins = new HashSet<>();
    for (int first : index.directory().firstRow()) {
      begins.add(first % 64);
    }
    assertTrue(begins.size() >= 60, begins.size() + " of 64 places in a word");
    SplitMix64 random = new SplitMix64(8);
    MutableRoaringBitmap all = MutableRoaringBitmap.bitmapOfRange(0, index.rows());
    check(index, all, null);
    check(index, some(random, index.rows(), 0.5, false), some(random, index.rows(), 0.2, false));
  }

  /** Any 32 bits, at every alignment, up to the end of the last word. */
  @ParameterizedTest
  @ValueSource(ints = {1, 31, 32, 33, 63, 64, 65, 127, 128, 200, 256})
  void bitsAtEveryAlignment(int rows) {
    MutableRoaringBitmap matching = some(new SplitMix64(rows), rows, 0.6, false);
    matching.add(rows - 1);
    for (MutableRoaringBitmap dead :
        new MutableRoaringBitmap[] {null, some(new SplitMix64(1), rows, 0.3, false)}) {
      for (MutableRoaringBitmap some : new MutableRoaringBitmap[] {matching, null}) {
        AllowedRows allowed = AllowedRows.of(rows, some, dead);
        if (some == null && (dead == null || dead.isEmpty())) {
          assertNull(allowed);
          continue;
        }
        for (int first = 0; first < rows; first++) {
          int expected = 0;
          for (int i = 0; i < 32 && first + i < rows; i++) {
            expected |= is(first + i, some, dead) ? 1 << i : 0;
          }
          assertEquals(expected, allowed.bits(first), rows + " rows, from " + first);
        }
      }
    }
  }

  @Test
  void allRowsAreNoFilter() {
    assertNull(AllowedRows.of(100, null, null));
    assertNull(AllowedRows.of(100, null, new MutableRoaringBitmap()));
  }
}
