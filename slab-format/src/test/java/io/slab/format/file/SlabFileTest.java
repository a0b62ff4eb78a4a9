package io.slab.format.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.bytes.Crc;
import io.slab.error.CorruptException;
import io.slab.error.SlabException;
import io.slab.error.UnsupportedException;
import io.slab.model.Ulid;
import io.slab.testkit.HeapObject;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlabFileTest {
  private static final Ulid ID = Ulid.parse("01JA0000000000000000000001");

  private static byte[] data(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static byte[] sample() {
    HeapObject object = new HeapObject();
    SlabFileWriter writer = new SlabFileWriter(object, ID, 1_700_000_000_000L);
    put(writer, SectionSpec.of(SectionKind.RAW_VECTORS).pageAligned(), 200_001);
    put(writer, SectionSpec.of(SectionKind.META_ROWS), SlabFormat.CHUNK_BYTES);
    put(writer, SectionSpec.of(SectionKind.ID_BLOCKS), SlabFormat.CHUNK_BYTES + 1);
    put(writer, SectionSpec.of(SectionKind.TOMBSTONES), 0);
    writer.hot();
    put(writer, SectionSpec.of(SectionKind.MANIFEST), 77);
    put(writer, SectionSpec.of(SectionKind.BITMAP_DICT).column(3), 5);
    writer.finish();
    return object.bytes();
  }

  private static void put(SlabFileWriter writer, SectionSpec spec, int size) {
    writer.section(spec, MemorySegment.ofArray(data(size)), size, size);
  }

  private static void readAll(byte[] bytes, boolean mapped, long hot) {
    try (SlabFile file = SlabFile.open(HeapObject.source("t.slab", bytes, mapped), hot)) {
      file.sections().forEach(Section::all);
    }
  }

  @Test
  void givesBackWhatWasWritten() {
    byte[] bytes = sample();
    for (boolean mapped : new boolean[] {true, false}) {
      try (SlabFile file = SlabFile.open(HeapObject.source("t.slab", bytes, mapped))) {
        assertEquals(ID, file.id());
        assertEquals(7, file.sections().size());
        for (Section section : file.sections()) {
          if (section.entry().kind() != SectionKind.CHUNK_CRCS.code()) {
            byte[] expected = data((int) section.length());
            assertArrayEquals(expected, section.all().toArray(ValueLayout.JAVA_BYTE));
            assertArrayEquals(expected, section.all().toArray(ValueLayout.JAVA_BYTE));
          }
        }
        assertEquals(0, file.require(SectionKind.RAW_VECTORS).entry().offset() % 4096);
        byte[] part =
            file.require(SectionKind.RAW_VECTORS).slice(65_530, 10).toArray(ValueLayout.JAVA_BYTE);
        assertArrayEquals(java.util.Arrays.copyOfRange(data(200_001), 65_530, 65_540), part);
      }
    }
  }

  @Test
  void opensWithOneReadWhenTheHotOffsetIsKnownAndAtMostTwoOtherwise() {
    byte[] bytes = sample();
    long hot;
    try (SlabFile file = SlabFile.open(HeapObject.source("t.slab", bytes, false))) {
      hot = file.trailer().hotOffset();
    }
    int[] reads = {0};
    SlabFile.open(counting(HeapObject.source("t.slab", bytes, false), reads), hot)
        .find(SectionKind.MANIFEST)
        .all();
    assertEquals(1, reads[0]);
    reads[0] = 0;
    SlabFile.open(counting(HeapObject.source("t.slab", bytes, false), reads), -1)
        .find(SectionKind.MANIFEST)
        .all();
    assertTrue(reads[0] <= 2, "reads: " + reads[0]);
  }

  private static io.slab.store.ByteSource counting(io.slab.store.ByteSource source, int[] reads) {
    return new io.slab.store.ByteSource() {
      @Override
      public String name() {
        return source.name();
      }

      @Override
      public long length() {
        return source.length();
      }

      @Override
      public boolean mapped() {
        return source.mapped();
      }

      @Override
      public MemorySegment read(long offset, long length) {
        reads[0]++;
        return source.read(offset, length);
      }

      @Override
      public void close() {
        source.close();
      }
    };
  }

  @Test
  void everyFlippedBitIsNoticedOrLiesInPadding() {
    byte[] bytes = sample();
    Random random = new Random(7);
    for (int round = 0; round < 3_000; round++) {
      int at =
          round % 3 == 0
              ? random.nextInt(64)
              : round % 3 == 1
                  ? bytes.length - 1 - random.nextInt(800)
                  : random.nextInt(bytes.length);
      byte[] damaged = bytes.clone();
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      if (isPadding(bytes, at)) {
        continue;
      }
      SlabException error =
          assertThrows(SlabException.class, () -> readAll(damaged, true, -1), "byte " + at);
      assertTrue(
          error instanceof CorruptException || error instanceof UnsupportedException,
          error.toString());
    }
  }

  private static boolean isPadding(byte[] bytes, int at) {
    try (SlabFile file = SlabFile.open(HeapObject.source("t.slab", bytes, true))) {
      return at >= 64
          && at < file.trailer().directoryOffset()
          && file.entries().stream().noneMatch(e -> at >= e.offset() && at < e.end());
    }
  }

  @Test
  void everyTruncationIsNoticed() {
    byte[] bytes = sample();
    for (int length = 0; length < bytes.length; length += 1 + length / 50) {
      byte[] cut = java.util.Arrays.copyOf(bytes, length);
      assertThrows(CorruptException.class, () -> readAll(cut, true, -1), "length " + length);
      assertThrows(CorruptException.class, () -> readAll(cut, false, 300_000), "length " + length);
    }
  }

  @Test
  void chunksSwappedBetweenPlacesAreNoticed() {
    byte[] bytes = sample();
    long offset;
    try (SlabFile file = SlabFile.open(HeapObject.source("t.slab", bytes, true))) {
      offset = file.require(SectionKind.RAW_VECTORS).entry().offset();
    }
    int chunk = SlabFormat.CHUNK_BYTES;
    byte[] swapped = bytes.clone();
    System.arraycopy(bytes, (int) offset, swapped, (int) offset + chunk, chunk);
    System.arraycopy(bytes, (int) offset + chunk, swapped, (int) offset, chunk);
    assertThrows(CorruptException.class, () -> readAll(swapped, true, -1));
  }

  @Test
  void aRequiredFeatureBitIsRefusedByName() {
    byte[] bytes = sample();
    int trailer = bytes.length - SlabFormat.TRAILER_BYTES;
    bytes[trailer + 48] = 4;
    java.util.Arrays.fill(bytes, trailer + 68, trailer + 72, (byte) 0);
    int crc = Crc.of(bytes, trailer, SlabFormat.TRAILER_BYTES);
    MemorySegment.ofArray(bytes).set(io.slab.bytes.LittleEndian.INT, trailer + 68, crc);
    UnsupportedException error =
        assertThrows(UnsupportedException.class, () -> readAll(bytes, true, -1));
    assertTrue(error.getMessage().contains("bit 2"), error.getMessage());
  }
}
