package io.slab.bytes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.slab.testkit.Seeds;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BytesOrderTest {
  private final Random random = new Random(Seeds.of(BytesOrderTest.class));

  /**
   * Beside the sort of the library: short and long values, zeros, equal ones, common beginnings.
   */
  @Test
  void numbersCollateTheirBytes() {
    for (int count : new int[] {0, 1, 2, 7, 8, 9, 17, 64, 100, 1_000, 3_001}) {
      for (int common : new int[] {0, 3, 11}) {
        byte[][] values = new byte[count + 3][];
        for (int i = 0; i < values.length; i++) {
          values[i] = value(common);
        }
        int from = Math.min(2, count);
        int[] expected =
            IntStream.range(from, count)
                .boxed()
                .sorted(Comparator.comparing(i -> values[i], Arrays::compareUnsigned))
                .mapToInt(i -> i)
                .toArray();
        assertArrayEquals(expected, BytesOrder.of(values, from, count));
      }
    }
  }

  private byte[] value(int common) {
    byte[] value = new byte[common + random.nextInt(14)];
    for (int i = common; i < value.length; i++) {
      value[i] = (byte) (random.nextInt(3) * 127);
    }
    return value;
  }
}
