package io.slab.bench.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.bench.trust.LoadPicture.Curve;
import org.junit.jupiter.api.Test;

class LoadPictureTest {
  @Test
  void curvesLeaveOutSecondsWithoutAValue() {
    String svg =
        new LoadPicture()
            .panel("ms", true, new Curve("p50", "red", new double[] {1, Double.NaN, 10, 100}))
            .svg("a title");
    assertTrue(svg.startsWith("<svg") && svg.endsWith("</svg>\n"), svg);
    assertTrue(svg.contains("M70.0 180.0M616.7 115.0L") && !svg.contains("NaN"), svg);
    assertTrue(svg.contains(">100.0<") && svg.contains(">a title<"), svg);
  }

  @Test
  void aHundredthOfTheCallsIsSlowerThanP99() {
    Latencies latencies = new Latencies();
    for (int i = 0; i < 1_000; i++) {
      latencies.add(i * 1_000_000L);
    }
    Latencies.Taken taken = latencies.take();
    assertEquals(1_000, taken.calls());
    assertEquals(500, taken.p50());
    assertEquals(990, taken.p99());
    assertEquals(999, taken.most());
    assertFalse(Double.isFinite(latencies.take().p50()));
  }
}
