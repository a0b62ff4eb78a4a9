package io.slab.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.slab.model.VectorRecord;

/** Compares records bit for bit. */
final class SameRecords {
  private SameRecords() {}

  static void check(VectorRecord wanted, VectorRecord found) {
    assertEquals(wanted.id(), found.id());
    if (wanted.values() == null) {
      assertNull(found.values());
    } else {
      sameBits(wanted.values(), found.values());
    }
    if (wanted.sparse() == null) {
      assertNull(found.sparse());
    } else {
      assertArrayEquals(wanted.sparse().indices(), found.sparse().indices());
      sameBits(wanted.sparse().weights(), found.sparse().weights());
    }
    assertEquals(wanted.metadata(), found.metadata());
  }

  static void sameBits(float[] wanted, float[] found) {
    assertArrayEquals(bits(wanted), bits(found));
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
