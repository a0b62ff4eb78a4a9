package io.slab.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.bytes.Crc;
import io.slab.bytes.LittleEndian;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFile;
import io.slab.format.file.SlabFileWriter;
import io.slab.format.file.SlabFormat;
import io.slab.model.Ulid;
import io.slab.testkit.HeapObject;
import io.slab.testkit.Seeds;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Corrupt twins of one container: each kind of damage is one problem of the right place. */
class SlabStructureTest {
  private static final Ulid ID = Ulid.parse("01JA0000000000000000000001");
  private static final byte[] GOOD = sample();
  private static final int TRAILER = GOOD.length - SlabFormat.TRAILER_BYTES;

  private static byte[] sample() {
    HeapObject object = new HeapObject();
    SlabFileWriter writer = new SlabFileWriter(object, ID, 1_700_000_000_000L);
    put(writer, SectionSpec.of(SectionKind.RAW_VECTORS).pageAligned().param(4), 16 * 20_000);
    put(writer, SectionSpec.of(SectionKind.ROW_LSN), 100);
    put(writer, SectionSpec.of(SectionKind.ID_BLOCKS), 70_000);
    writer.hot();
    put(writer, SectionSpec.of(SectionKind.MANIFEST), 77);
    put(writer, SectionSpec.of(SectionKind.BITMAP_DICT).column(3), 5);
    writer.finish();
    return object.bytes();
  }

  private static void put(SlabFileWriter writer, SectionSpec spec, int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    writer.section(spec, MemorySegment.ofArray(bytes), size, 20_000);
  }

  private static CheckReport check(byte[] bytes, CheckLevel level) {
    Findings findings = new Findings("");
    try (var source = new CountingSource(HeapObject.source("t.slab", bytes, true), findings)) {
      SlabStructure structure = SlabStructure.check(source, findings);
      if (level == CheckLevel.CHECKSUMS && structure.complete()) {
        SectionChecksums.check(source, structure, findings);
      }
    }
    return findings.report(level);
  }

  private static byte[] twin(Consumer<MemorySegment> damage) {
    byte[] copy = GOOD.clone();
    damage.accept(MemorySegment.ofArray(copy));
    return copy;
  }

  private static void flip(MemorySegment bytes, long at) {
    var layout = java.lang.foreign.ValueLayout.JAVA_BYTE;
    bytes.set(layout, at, (byte) (bytes.get(layout, at) ^ 0x10));
  }

  private static DirectoryEntry entry(SectionKind kind) {
    try (SlabFile file = SlabFile.open(HeapObject.source("t.slab", GOOD, true))) {
      return file.entries().stream().filter(e -> e.kind() == kind.code()).findFirst().orElseThrow();
    }
  }

  /** Changes a directory entry and makes directory and trailer checksums fit again. */
  private static byte[] forgedEntry(SectionKind kind, Consumer<MemorySegment> change) {
    return twin(bytes -> {
      long directory = bytes.get(LittleEndian.LONG, TRAILER);
      long at = directory;
      while (bytes.get(LittleEndian.SHORT, at) != kind.code()) {
        at += SlabFormat.ENTRY_BYTES;
      }
      change.accept(bytes.asSlice(at, SlabFormat.ENTRY_BYTES));
      reseal(bytes);
    });
  }

  private static void reseal(MemorySegment bytes) {
    long directory = bytes.get(LittleEndian.LONG, TRAILER);
    int crc = Crc.of(ID, directory, 0, bytes.asSlice(directory, TRAILER - directory));
    bytes.set(LittleEndian.INT, TRAILER + 12, crc);
    bytes.set(LittleEndian.INT, TRAILER + 68, 0);
    bytes.set(LittleEndian.INT, TRAILER + 68, Crc.of(bytes.asSlice(TRAILER)));
  }

  private static void one(
      byte[] bytes, CheckLevel level, String section, long offset, String text) {
    CheckReport report = check(bytes, level);
    assertEquals(1, report.problems().size(), report.problems().toString());
    Problem problem = report.problems().getFirst();
    assertEquals("t.slab", problem.object());
    assertEquals(section, problem.section(), problem.toString());
    assertEquals(offset, problem.offset(), problem.toString());
    assertEquals(Severity.ERROR, problem.severity());
    assertTrue(problem.problem().contains(text), problem.toString());
    assertEquals("errors", report.status());
    assertTrue(problem.suggestion().startsWith("slab inspect t.slab"));
  }

  @Test
  void aGoodSlabHasNoProblems() {
    CheckReport quick = check(GOOD, CheckLevel.QUICK);
    assertEquals("ok", quick.status(), quick.problems().toString());
    assertTrue(quick.bytesRead() < 10_000, "quick reads little: " + quick.bytesRead());
    CheckReport full = check(GOOD, CheckLevel.CHECKSUMS);
    assertEquals("ok", full.status(), full.problems().toString());
    assertTrue(full.bytesRead() >= GOOD.length - 4096, "every byte: " + full.bytesRead());
    assertEquals(0, full.recordsAtRisk());
  }

  @Test
  void damageToTheFrameIsOneProblemEach() {
    CheckLevel quick = CheckLevel.QUICK;
    one(twin(b -> flip(b, 0)), quick, "header", 0, "magic");
    one(twin(b -> flip(b, 20)), quick, "header", 60, "CRC-32C");
    one(twin(b -> flip(b, 45)), quick, "header", 60, "CRC-32C");
    one(twin(b -> flip(b, TRAILER + 74)), quick, "trailer", TRAILER + 72, "cut short");
    one(twin(b -> flip(b, TRAILER + 1)), quick, "trailer", TRAILER + 68, "CRC-32C");
    long directory = MemorySegment.ofArray(GOOD).get(LittleEndian.LONG, TRAILER);
    one(twin(b -> flip(b, directory + 70)), quick, "directory", directory, "CRC-32C");
    one(twin(b -> flip(b, 70)), quick, "padding after header", 70, "non-zero");
    one(new byte[10], quick, null, 0, "10 bytes");
    one(Arrays.copyOf(GOOD, GOOD.length - 1), quick, "trailer", GOOD.length - 1 - 8, "cut short");
    one(Arrays.copyOf(GOOD, GOOD.length + 1), quick, "trailer", GOOD.length + 1 - 8, "cut short");
  }

  @Test
  void anotherSlabsHeaderIsNoticed() {
    byte[] other =
        twin(b -> {
          flip(b, 20);
          b.set(LittleEndian.INT, 60, Crc.of(b.asSlice(0, 60)));
        });
    one(other, CheckLevel.QUICK, "header", 16, "the trailer says " + ID);
  }

  @Test
  void forgedEntriesAreNoticedThoughTheirChecksumsFit() {
    CheckLevel quick = CheckLevel.QUICK;
    long directory = MemorySegment.ofArray(GOOD).get(LittleEndian.LONG, TRAILER);
    byte[] outside =
        forgedEntry(SectionKind.ROW_LSN, e -> e.set(LittleEndian.LONG, 16, Long.MAX_VALUE));
    CheckReport report = check(outside, quick);
    assertTrue(
        report.problems().stream()
            .anyMatch(p -> p.section().equals("ROW_LSN") && p.problem().contains("outside")),
        report.problems().toString());
    byte[] codec =
        forgedEntry(
            SectionKind.MANIFEST, e -> e.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 6, (byte) 9));
    one(codec, quick, "MANIFEST", directory + 6, "unknown codec 9");
    byte[] reserved =
        forgedEntry(
            SectionKind.MANIFEST,
            e -> e.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 46, (byte) 9));
    one(reserved, quick, "MANIFEST", directory + 46, "reserved");
    byte[] critical =
        forgedEntry(
            SectionKind.BITMAP_DICT,
            e -> {
              e.set(LittleEndian.SHORT, 0, (short) 0x77);
              e.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 7, (byte) 3);
            });
    one(critical, quick, "0x77[3]", directory + 5 * 64, "unknown kind");
    byte[] optional =
        forgedEntry(SectionKind.BITMAP_DICT, e -> e.set(LittleEndian.SHORT, 0, (short) 0x77));
    assertEquals("ok", check(optional, CheckLevel.CHECKSUMS).status());
  }

  @Test
  void everyDamagedRunOfChunksIsOneProblem() {
    long vectors = entry(SectionKind.RAW_VECTORS).offset();
    CheckLevel full = CheckLevel.CHECKSUMS;
    one(twin(b -> flip(b, vectors)), full, "RAW_VECTORS", vectors, "chunk 0 (65536 bytes)");
    CheckReport report =
        check(
            twin(b -> {
              flip(b, vectors + 65_536);
              flip(b, vectors + 2 * 65_536);
              flip(b, vectors + 4 * 65_536 + 5);
            }),
            full);
    assertEquals(2, report.problems().size());
    assertTrue(report.problems().get(0).problem().startsWith("chunks 1 to 2 (131072 bytes)"));
    assertEquals(vectors + 4 * 65_536, report.problems().get(1).offset());
    // 16 bytes a row: 4096 rows a chunk; the last chunk is short.
    assertEquals(2 * 4096 + (16 * 20_000 - 4 * 65_536) / 16, report.recordsAtRisk());
    assertFalse(report.problems().getFirst().suggestion().isEmpty());
  }

  @Test
  void otherSectionsAreCheckedAsWell() {
    CheckLevel full = CheckLevel.CHECKSUMS;
    long manifest = entry(SectionKind.MANIFEST).offset();
    byte[] damaged = twin(b -> flip(b, manifest + 3));
    one(damaged, full, "MANIFEST", manifest, "CRC-32C");
    assertEquals(20_000, check(damaged, full).recordsAtRisk());
    assertEquals("ok", check(damaged, CheckLevel.QUICK).status());
    long bitmaps = entry(SectionKind.BITMAP_DICT).offset();
    byte[] derived = twin(b -> flip(b, bitmaps));
    one(derived, full, "BITMAP_DICT[3]", bitmaps, "CRC-32C");
    assertEquals(0, check(derived, full).recordsAtRisk());
    long table = entry(SectionKind.CHUNK_CRCS).offset();
    one(twin(b -> flip(b, table)), full, "CHUNK_CRCS", table, "CRC-32C");
  }

  @Test
  void noDamageAtAllEndsInAnException() {
    long seed = Seeds.of("SlabStructureTest.noDamageAtAllEndsInAnException");
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      byte[] twin = GOOD.clone();
      boolean seal = round % 2 == 0;
      int from = seal ? TRAILER - 400 : 0;
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        twin[from + random.nextInt(twin.length - from)] = (byte) random.nextInt();
      }
      if (seal) {
        MemorySegment.ofArray(twin).set(LittleEndian.LONG, TRAILER + 72, SlabFormat.END_MAGIC);
        try {
          reseal(MemorySegment.ofArray(twin));
        } catch (IndexOutOfBoundsException e) {
          continue; // The directory offset itself was hit; there is nothing to seal.
        }
      }
      check(twin, CheckLevel.CHECKSUMS);
    }
  }
}
