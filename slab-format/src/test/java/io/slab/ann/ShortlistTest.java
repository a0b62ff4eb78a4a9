package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What stays on the list, and in which order it is handed out. */
class ShortlistTest {
  private static List<Integer> rows(Shortlist list) {
    List<Integer> rows = new ArrayList<>();
    list.forEach((row, bound, key) -> rows.add(row));
    return rows;
  }

  @Test
  void theThresholdIsTheKthPessimisticEstimate() {
    Shortlist list = new Shortlist();
    list.start(2);
    assertEquals(Float.POSITIVE_INFINITY, list.threshold());
    list.add(0, 8, 4);
    assertFalse(list.full());
    list.add(1, 4, 0);
    assertTrue(list.full());
    assertEquals(9, list.threshold());
    list.add(2, 12, 10);
    list.add(3, 12, 9);
    assertEquals(List.of(1, 0, 3), rows(list));
    list.add(4, 2, 2);
    assertEquals(5, list.threshold());
    assertEquals(List.of(1, 4, 0), rows(list));
    assertEquals(3, list.kept());
  }

  /** Against all rows sorted, with more of them than there is room for at first. */
  @Test
  void whatIsLeftIsWhatTheLastThresholdAllows() {
    SplitMix64 random = new SplitMix64(8);
    Shortlist list = new Shortlist();
    for (int rows : new int[] {10, 300, 40_000}) {
      list.start(5);
      float[] bounds = new float[rows];
      float[] keys = new float[rows];
      for (int row = 0; row < rows; row++) {
        float estimate = 1_000 * (float) random.gaussian();
        bounds[row] = estimate - 100;
        keys[row] = estimate + 25;
        list.add(row, estimate, bounds[row]);
      }
      float[] sorted = keys.clone();
      Arrays.sort(sorted);
      float threshold = sorted[4];
      assertEquals(threshold, list.threshold());
      int expected = 0;
      for (float bound : bounds) {
        expected += bound <= threshold ? 1 : 0;
      }
      assertEquals(expected, rows(list).size());
    }
  }

  @Test
  void aBoundThatIsNoNumberExcludesNothing() {
    Shortlist list = new Shortlist();
    list.start(1);
    list.add(0, 1, 1);
    list.add(1, Float.NaN, Float.NaN);
    list.add(2, 3, 2);
    assertEquals(List.of(1, 0), rows(list));
    assertEquals(1, list.threshold());
  }
}
