package io.slab.source.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NaturalOrderTest {
  @Test
  void numbersCountAsNumbers() {
    List<String> sorted =
        List.of(
            "",
            "1",
            "01",
            "2",
            "10",
            "a",
            "a1",
            "a01b",
            "a1b",
            "a2",
            "a2.npy",
            "a10.npy",
            "a123456789012345678901234567890",
            "a1234567890123456789012345678901",
            "b",
            "\u00e4");
    List<String> mixed = new ArrayList<>(sorted);
    Random random = new Random(7);
    for (int round = 0; round < 50; round++) {
      Collections.shuffle(mixed, random);
      mixed.sort(NaturalOrder.NAMES);
      assertEquals(order(sorted), mixed);
    }
  }

  /** Equal numbers of other lengths are in the order of their bytes. */
  private static List<String> order(List<String> names) {
    List<String> all = new ArrayList<>(names);
    Collections.swap(all, 1, 2);
    return all;
  }
}
