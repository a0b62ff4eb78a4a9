package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cells come in the order of a sort, however few of them are asked for. */
class ProbeOrderTest {
  private static float[] keys(int cells, long seed) {
    SplitMix64 random = new SplitMix64(seed);
    float[] keys = new float[cells];
    for (int i = 0; i < cells; i++) {
      keys[i] = random.below(8) == 0 ? random.below(5) - 2 : (float) random.gaussian();
    }
    return keys;
  }

  private static int[] sorted(float[] keys) {
    return IntStream.range(0, keys.length)
        .boxed()
        .sorted(Comparator.comparing((Integer cell) -> keys[cell]).thenComparing(cell -> cell))
        .mapToInt(cell -> cell)
        .toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 95, 96, 97, 500, 3000})
  void cellsAscend(int cells) {
    ProbeOrder order = new ProbeOrder();
    for (int seed = 0; seed < 20; seed++) {
      float[] keys = keys(cells, seed);
      order.start(keys, cells);
      int[] expected = sorted(keys);
      for (int i = 0; i < cells; i++) {
        if (i % 50 == 7) {
          int[] ahead = order.peek(60);
          assertArrayEquals(Arrays.copyOfRange(expected, i, Math.min(cells, i + 60)), ahead);
        }
        assertEquals(expected[i], order.next());
      }
      assertTrue(order.isEmpty());
    }
  }

  @Test
  void someCanBeKept() {
    ProbeOrder order = new ProbeOrder();
    float[] keys = keys(700, 1);
    order.start(keys, 700);
    int[] expected = sorted(keys);
    for (int i = 0; i < 5; i++) {
      assertEquals(expected[i], order.next());
    }
    order.retain(cell -> cell % 3 == 0);
    int[] rest = Arrays.stream(expected).skip(5).filter(cell -> cell % 3 == 0).toArray();
    for (int cell : rest) {
      assertEquals(cell, order.next());
    }
    assertTrue(order.isEmpty());
  }

  @Test
  void equalKeysGoByNumber() {
    ProbeOrder order = new ProbeOrder();
    order.start(new float[400], 400);
    for (int cell = 0; cell < 400; cell++) {
      assertEquals(cell, order.next());
    }
  }
}
