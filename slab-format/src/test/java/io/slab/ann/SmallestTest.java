package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Exactly k are taken, and none that is larger than one left out. */
class SmallestTest {
  @Test
  void takesTheSmallest() {
    SplitMix64 random = new SplitMix64(3);
    Smallest smallest = new Smallest();
    for (int round = 0; round < 500; round++) {
      float[] values = new float[1 + random.below(200)];
      for (int i = 0; i < values.length; i++) {
        int kind = random.below(20);
        values[i] =
            kind == 0 ? Float.NaN : kind == 1 ? Float.POSITIVE_INFINITY : random.below(60) - 30;
      }
      int k = 1 + random.below(values.length);
      smallest.start(k);
      for (float value : values) {
        smallest.add(value);
      }
      float[] taken = new float[values.length];
      int count = 0;
      for (float value : values) {
        if (smallest.take(value)) {
          taken[count++] = Float.isNaN(value) ? Float.POSITIVE_INFINITY : value;
        }
      }
      float[] sorted = values.clone();
      for (int i = 0; i < sorted.length; i++) {
        sorted[i] = Float.isNaN(sorted[i]) ? Float.POSITIVE_INFINITY : sorted[i];
      }
      Arrays.sort(sorted);
      Arrays.sort(taken, 0, count);
      assertEquals(k, count);
      assertEquals(0, Arrays.compare(sorted, 0, k, taken, 0, k));
    }
  }
}
