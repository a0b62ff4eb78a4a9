package io.slab.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.bytes.Crc;
import io.slab.bytes.LittleEndian;
import io.slab.error.CorruptException;
import io.slab.error.SlabException;
import io.slab.error.UnsupportedException;
import io.slab.model.Ulid;
import io.slab.testkit.Seeds;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WalObjectTest {
  private static final Ulid WRITER = new Ulid(1, 2);
  private static final Ulid COMMIT = new Ulid(3, 4);
  private static final Ulid PREVIOUS = new Ulid(5, 6);

  private static WalObject object(long sequence, int... payloadLengths) {
    Random random = new Random(1);
    List<WalRecord> records = new ArrayList<>();
    for (int length : payloadLengths) {
      byte[] payload = new byte[length];
      random.nextBytes(payload);
      records.add(new WalRecord(1 + random.nextInt(7), random.nextInt(8), payload));
    }
    return new WalObject(sequence, WRITER, COMMIT, PREVIOUS, records);
  }

  private static void assertSame(WalObject expected, WalObject actual) {
    assertEquals(expected.sequence(), actual.sequence());
    assertEquals(expected.writer(), actual.writer());
    assertEquals(expected.commit(), actual.commit());
    assertEquals(expected.previous(), actual.previous());
    assertEquals(expected.records().size(), actual.records().size());
    for (int i = 0; i < expected.records().size(); i++) {
      WalRecord e = expected.records().get(i);
      WalRecord a = actual.records().get(i);
      assertEquals(e.op(), a.op());
      assertEquals(e.flags(), a.flags());
      assertArrayEquals(e.payload(), a.payload());
    }
  }

  @Test
  void roundTrips() {
    for (WalObject object :
        List.of(
            object(0), object(1, 0), object(7, 3, 0, 1000), object(WalLayout.MAX_SEQUENCE, 5))) {
      byte[] bytes = WalWriter.encode(object);
      assertSame(object, WalReader.decode("w", object.sequence(), bytes));
      assertArrayEquals(bytes, WalWriter.encode(object));
    }
  }

  @Test
  void theLayoutIsTheSpecifiedOne() {
    byte[] bytes = WalWriter.encode(object(9, 1));
    MemorySegment s = MemorySegment.ofArray(bytes);
    assertEquals(80 + 11 + 32, bytes.length);
    assertArrayEquals(
        new byte[] {(byte) 0x89, 0x53, 0x4C, 0x57, 0x4C, 0x0D, 0x0A, 0x1A},
        Arrays.copyOf(bytes, 8));
    assertEquals(1, s.get(LittleEndian.SHORT, 8));
    assertEquals(1, s.get(LittleEndian.INT, 12));
    assertEquals(WRITER, Ulid.read(s, 16));
    assertEquals(COMMIT, Ulid.read(s, 32));
    assertEquals(9L << 20, s.get(LittleEndian.LONG, 48));
    assertEquals(9L << 20, s.get(LittleEndian.LONG, 56));
    assertEquals(PREVIOUS, Ulid.read(s, 64));
    assertEquals(3, s.get(LittleEndian.INT, 80));
    assertEquals(Crc.of(COMMIT, 9, 0, s.asSlice(88, 3)), s.get(LittleEndian.INT, 84));
    assertEquals(123, s.get(LittleEndian.LONG, 91));
    assertEquals(~WalLayout.MAGIC, s.get(LittleEndian.LONG, 115));
  }

  @Test
  void everyFlippedBitIsNoticed() {
    byte[] bytes = WalWriter.encode(object(3, 4, 0, 9));
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] damaged = bytes.clone();
      damaged[bit >> 3] ^= (byte) (1 << (bit & 7));
      SlabException e =
          assertThrows(SlabException.class, () -> WalReader.decode("w", 3, damaged), "bit " + bit);
      assertTrue(e instanceof CorruptException || e instanceof UnsupportedException);
    }
  }

  @Test
  void everyTruncationAndAnExtensionAreNoticed() {
    byte[] bytes = WalWriter.encode(object(3, 4, 40));
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThrows(CorruptException.class, () -> WalReader.decode("w", 3, cut));
    }
    assertThrows(
        CorruptException.class,
        () -> WalReader.decode("w", 3, Arrays.copyOf(bytes, bytes.length + 1)));
  }

  @Test
  void anObjectUnderAnotherNumberIsRefused() {
    byte[] bytes = WalWriter.encode(object(3, 4));
    CorruptException e =
        assertThrows(CorruptException.class, () -> WalReader.decode("w", 4, bytes));
    assertEquals(48, e.offset());
  }

  @Test
  void aNewerMajorVersionIsUnsupported() {
    byte[] bytes = WalWriter.encode(object(3, 4));
    bytes[8] = 2;
    assertThrows(UnsupportedException.class, () -> WalReader.decode("w", 3, bytes));
  }

  @Test
  void randomBytesNeverDoMoreThanFail() {
    long seed = Seeds.of("WalObjectTest.randomBytesNeverDoMoreThanFail");
    Random random = new Random(seed);
    byte[] good = WalWriter.encode(object(3, 4, 40, 400));
    for (int i = 0; i < 5_000; i++) {
      byte[] bad = good.clone();
      int from = random.nextInt(bad.length);
      for (int j = from; j < Math.min(bad.length, from + 1 + random.nextInt(16)); j++) {
        bad[j] = (byte) random.nextInt();
      }
      if (!Arrays.equals(good, bad)) {
        assertThrows(SlabException.class, () -> WalReader.decode("w", 3, bad));
      }
    }
  }

  @Test
  void anOverlongObjectIsRefusedByTheWriter() {
    WalObject object = object(1, WalLayout.MAX_BYTES);
    assertThrows(IllegalArgumentException.class, () -> WalWriter.encode(object));
  }
}
