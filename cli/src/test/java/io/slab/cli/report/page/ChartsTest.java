package io.slab.cli.report.page;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.inspect.Histogram;
import org.junit.jupiter.api.Test;

class ChartsTest {
  @Test
  void theTicksOfTheWidestRangeAreNumbers() {
    double most = Double.MAX_VALUE;
    Histogram numbers = Histogram.of(new double[] {-most, 0, most}, 10);
    String svg = Charts.histogram(numbers, "g-bitmaps", "Rows by x", "", false);
    assertTrue(svg.contains(">0<"), svg);
    assertFalse(svg.contains("NaN") || svg.contains("Infinity"), svg);
  }
}
