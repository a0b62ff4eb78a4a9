package io.slab.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SelectionTest {
  @Test
  void agreesWithSorting() {
    SplittableRandom random = new SplittableRandom(12);
    for (int round = 0; round < 3000; round++) {
      float[] values = new float[1 + random.nextInt(40)];
      int distinct = 1 + random.nextInt(10);
      for (int i = 0; i < values.length; i++) {
        values[i] =
            random.nextInt(20) == 0 ? Float.NEGATIVE_INFINITY : random.nextInt(distinct) - 3;
      }
      int size = 1 + random.nextInt(values.length);
      int k = 1 + random.nextInt(size);
      float[] before = values.clone();
      float[] sorted = Arrays.copyOf(values, size);
      Arrays.sort(sorted);
      assertEquals(sorted[size - k], Selection.kthLargest(values, size, k), "round " + round);
      assertArrayEquals(before, values);
    }
  }
}
