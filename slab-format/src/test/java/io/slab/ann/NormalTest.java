package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Against the table of the normal distribution. */
class NormalTest {
  @Test
  void knownQuantiles() {
    assertEquals(0, Normal.above(0.5), 1e-3);
    assertEquals(0, Normal.above(0.9));
    assertEquals(1.2816, Normal.above(0.1), 1e-3);
    assertEquals(1.6449, Normal.above(0.05), 1e-3);
    assertEquals(3.0902, Normal.above(0.001), 1e-3);
    assertEquals(4.7534, Normal.above(1e-6), 1e-3);
  }
}
