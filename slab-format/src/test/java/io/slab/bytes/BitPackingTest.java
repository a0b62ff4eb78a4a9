package io.slab.bytes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.testkit.Seeds;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BitPackingTest {
  private static byte[] pack(int width, long... values) {
    ByteWriter out = new ByteWriter();
    BitPacking.Writer writer =
        new BitPacking.Writer(width, part -> out.bytes(part.toArray(ValueLayout.JAVA_BYTE)));
    for (long value : values) {
      writer.add(value);
    }
    writer.finish();
    return out.toBytes();
  }

  @Test
  void packsLowBitsFirst() {
    assertArrayEquals(new byte[] {(byte) 0b10_001_101, 0b1, 0, 0, 0, 0, 0, 0}, pack(3, 5, 1, 6));
    assertArrayEquals(new byte[0], pack(0, 0, 0));
  }

  @Test
  void everyWidthGivesBackItsValues() {
    long seed = Seeds.of("BitPackingTest.everyWidthGivesBackItsValues");
    Random random = new Random(seed);
    for (int width = 0; width <= 64; width++) {
      for (int count : new int[] {0, 1, 63, 64, 65, 3_000}) {
        long mask = width == 64 ? -1 : (1L << width) - 1;
        long[] values = random.longs(count).map(v -> v & mask).toArray();
        byte[] packed = pack(width, values);
        assertEquals(BitPacking.byteLength(count, width), packed.length);
        MemorySegment words = MemorySegment.ofArray(packed);
        for (int i = 0; i < count; i++) {
          assertEquals(
              values[i], BitPacking.get(words, width, i), "width " + width + ", item " + i);
        }
      }
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThrows(IllegalArgumentException.class, () -> pack(3, 8));
    assertThrows(IllegalArgumentException.class, () -> pack(0, 1));
    assertEquals(64, BitPacking.width(-1));
    assertEquals(1, BitPacking.width(1));
    assertEquals(0, BitPacking.width(0));
  }
}
