package io.slab.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class XxLanesTest {
  @Test
  void addsTheHashesOfFourSeeds() {
    byte[] bytes = new byte[400];
    new java.util.Random(1).nextBytes(bytes);
    XxLanes lanes = new XxLanes();
    long[] sums = new long[4];
    for (int length = 0; length <= bytes.length; length++) {
      long seed = length % 3 == 0 ? -2 : length * 0x9E3779B97F4A7C15L;
      long first = lanes.add(bytes, length, seed);
      assertEquals(XxHash64.hash(bytes, 0, length, seed), first, "length " + length);
      for (int lane = 0; lane < 4; lane++) {
        sums[lane] += XxHash64.hash(Arrays.copyOf(bytes, length), 0, length, seed + lane);
        assertEquals(sums[lane], lanes.sum(lane), "lane " + lane + " of length " + length);
      }
    }
  }
}
