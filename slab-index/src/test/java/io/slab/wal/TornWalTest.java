package io.slab.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.model.Ulid;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TornWalTest {
  private static byte[] object(int records) {
    SplittableRandom random = new SplittableRandom(7);
    List<WalRecord> list =
        java.util.stream.IntStream.range(0, records)
            .mapToObj(i -> {
              byte[] payload = new byte[3 + 5 * i];
              random.nextBytes(payload);
              return new WalRecord(WalLayout.OP_UPSERT, 1, payload);
            })
            .toList();
    return WalWriter.encode(new WalObject(5, new Ulid(1, 2), new Ulid(3, 4), new Ulid(5, 6), list));
  }

  @Test
  void everyStrictPrefixIsTornAndTheWholeIsNot() {
    for (int records : new int[] {0, 1, 4}) {
      byte[] whole = object(records);
      for (int length = 0; length < whole.length; length++) {
        assertTrue(TornWal.is(5, Arrays.copyOf(whole, length)), records + ", " + length);
      }
      assertFalse(TornWal.is(5, whole));
      assertFalse(TornWal.is(5, Arrays.copyOf(whole, whole.length + 1)));
    }
  }

  @Test
  void aPrefixOfWhichAByteThatAnythingChecksDiffersIsDamaged() {
    byte[] whole = object(3);
    int unchecked = 0;
    for (int length = 100; length < whole.length; length += 13) {
      for (int at = 0; at < length; at++) {
        byte[] damaged = Arrays.copyOf(whole, length);
        damaged[at] ^= 4;
        unchecked += TornWal.is(5, damaged) ? 1 : 0;
      }
    }
    // Ids in the header and the record that is cut are covered by checksums that are not there.
    assertTrue(unchecked < whole.length * 8, "" + unchecked);
    byte[] zeros = Arrays.copyOf(Arrays.copyOf(whole, 90), 200);
    assertFalse(TornWal.is(5, zeros));
    assertFalse(TornWal.is(6, Arrays.copyOf(whole, 90)));
    assertEquals(false, TornWal.is(5, new byte[] {1}));
  }
}
