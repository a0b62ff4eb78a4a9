package io.slab.format.section;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CorruptException;
import io.slab.testkit.Seeds;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

class RoaringBlobIT {
  private static final int ROWS = 700_000;

  private static ImmutableRoaringBitmap map(byte[] blob, long cardinality, int rows) {
    return RoaringBlob.map("t", 0, MemorySegment.ofArray(blob).asReadOnly(), cardinality, rows);
  }

  /** Any mixture of array, bitset and run containers over up to eleven keys. */
  private static MutableRoaringBitmap random(Random random) {
    MutableRoaringBitmap bitmap = new MutableRoaringBitmap();
    int containers = 1 + random.nextInt(6);
    for (int i = 0; i < containers; i++) {
      long base = (long) random.nextInt(10) << 16;
      switch (random.nextInt(3)) {
        case 0 -> {
          for (int k = 0; k < 1 + random.nextInt(300); k++) {
            bitmap.add((int) base + random.nextInt(1 << 16));
          }
        }
        case 1 -> {
          for (int k = 0; k < 20_000; k++) {
            bitmap.add((int) base + random.nextInt(1 << 16));
          }
        }
        default -> {
          long from = base + random.nextInt(40_000);
          bitmap.add(from, from + 1 + random.nextInt(60_000));
        }
      }
    }
    return bitmap;
  }

  @Test
  void mapsWhatTheLibraryWrites() {
    long seed = Seeds.of("RoaringBlobIT.mapsWhatTheLibraryWrites");
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      MutableRoaringBitmap bitmap = random(random);
      byte[] blob = RoaringBlob.serialize(bitmap.clone());
      ImmutableRoaringBitmap mapped = map(blob, bitmap.getCardinality(), ROWS + (1 << 16));
      assertEquals(bitmap, mapped);
      assertArrayEquals(bitmap.toArray(), mapped.toArray());
      assertEquals(bitmap.getCardinality(), mapped.getCardinality());
      assertEquals(bitmap.last(), mapped.last());
    }
  }

  /**
   * A bitmap that passed the check behaves: sorted members, the announced number, all below the
   * bound.
   */
  @Test
  void whatGetsThroughTheCheckIsABitmap() {
    long seed = Seeds.of("RoaringBlobIT.whatGetsThroughTheCheckIsABitmap");
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < 4_000; i++) {
      MutableRoaringBitmap bitmap = random(random);
      int rows = bitmap.last() + 1;
      byte[] blob = RoaringBlob.serialize(bitmap);
      int damage = 1 + random.nextInt(3);
      for (int k = 0; k < damage; k++) {
        int reach = random.nextBoolean() ? Math.min(64, blob.length) : blob.length;
        blob[random.nextInt(reach)] = (byte) random.nextInt();
      }
      try {
        int[] members = map(blob, bitmap.getCardinality(), rows).toArray();
        assertEquals(bitmap.getCardinality(), members.length);
        assertTrue(members[members.length - 1] < rows);
        for (int k = 1; k < members.length; k++) {
          assertTrue(members[k - 1] < members[k]);
        }
      } catch (CorruptException e) {
        refused++;
      }
    }
    assertTrue(refused > 1_000, refused + " refused");
  }

  @Test
  void refusesEveryOtherLength() {
    MutableRoaringBitmap bitmap = random(new Random(1));
    byte[] blob = RoaringBlob.serialize(bitmap);
    int step = Math.max(1, blob.length / 500);
    for (int length = 0; length < blob.length; length += step) {
      byte[] cut = Arrays.copyOf(blob, length);
      assertThrows(CorruptException.class, () -> map(cut, bitmap.getCardinality(), ROWS));
    }
    byte[] longer = Arrays.copyOf(blob, blob.length + 1);
    assertThrows(CorruptException.class, () -> map(longer, bitmap.getCardinality(), ROWS));
  }

  @Test
  void refusesLyingHeaders() {
    byte[] plain = RoaringBlob.serialize(MutableRoaringBitmap.bitmapOf(1, 5, 70_000));
    assertEquals(3, map(plain, 3, 70_001).getCardinality());
    assertThrows(CorruptException.class, () -> map(plain, 3, 70_000));
    assertThrows(CorruptException.class, () -> map(plain, 4, 70_001));
    for (int[] change :
        new int[][] {
          {0, 12_345}, {4, 65_537}, {4, -1}, {4, 0}, {4, 3}, {8, 0x0001_0001}, {16, 0}, {16, -1}
        }) {
      byte[] liar = plain.clone();
      ByteBuffer.wrap(liar).order(ByteOrder.LITTLE_ENDIAN).putInt(change[0], change[1]);
      assertThrows(CorruptException.class, () -> map(liar, 3, 70_001), Arrays.toString(change));
    }
  }

  @Test
  void refusesRunsThatTouchOverlapOrOverflow() {
    MutableRoaringBitmap bitmap = new MutableRoaringBitmap();
    bitmap.add(10L, 2_000L);
    bitmap.add(3_000L, 5_000L);
    byte[] blob = RoaringBlob.serialize(bitmap);
    int runs = blob.length - 8;
    for (int[] run : new int[][] {{1_999, 1_999}, {2_000, 1_999}, {65_000, 1_999}, {5, 1_999}}) {
      byte[] liar = blob.clone();
      ByteBuffer bytes = ByteBuffer.wrap(liar).order(ByteOrder.LITTLE_ENDIAN);
      bytes.putShort(runs + 4, (short) run[0]).putShort(runs + 6, (short) run[1]);
      assertThrows(
          CorruptException.class,
          () -> map(liar, bitmap.getCardinality(), 1 << 20),
          Arrays.toString(run));
    }
  }
}
