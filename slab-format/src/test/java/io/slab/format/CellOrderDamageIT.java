package io.slab.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.ann.AnnSectionsReader;
import io.slab.ann.Quantizer;
import io.slab.bytes.LittleEndian;
import io.slab.check.CheckLevel;
import io.slab.check.CheckReport;
import io.slab.check.SlabCheck;
import io.slab.error.CorruptException;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.FixedIndexer;
import io.slab.testkit.HeapObject;
import io.slab.testkit.SlabSurgeon;
import io.slab.testkit.TestSlabs;
import io.slab.testkit.spec.RandomRecords;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Damage to what says which row an id has: found or made good, never a wrong id. */
class CellOrderDamageIT {
  private static final int ROWS = 600;
  private static final int CELLS = 12;
  private static final IndexSpec SPEC = TestSlabs.spec(VectorType.DENSE, 12, Metric.EUCLIDEAN);
  private static final byte[] PLAIN = build(null);
  private static final byte[] SLAB = build(new FixedIndexer(CELLS, Quantizer.SIGN));

  private static byte[] build(VectorIndexer indexer) {
    List<ListInput.Row> rows = new ArrayList<>();
    for (VectorRecord record : new RandomRecords(23, SPEC).records(ROWS)) {
      rows.add(ListInput.Row.of(record, 1 + rows.size()));
    }
    HeapObject out = new HeapObject();
    SlabRequest request = SlabRequest.flush(TestSlabs.ID, TestSlabs.CREATED, SPEC, "ns");
    SlabBuilder.build(request, ListInput.of(rows), out, indexer);
    return out.bytes();
  }

  private static DirectoryEntry entry(byte[] slab, SectionKind kind) {
    return SlabSurgeon.sections(slab).stream()
        .filter(entry -> entry.kind() == kind.code())
        .findFirst()
        .orElseThrow();
  }

  /** The slab with a section changed and every checksum right. */
  private static byte[] forge(SectionKind kind, UnaryOperator<byte[]> change) {
    return SlabSurgeon.change(
        SLAB,
        entry(SLAB, kind),
        part -> {
          byte[] bytes = change.apply(part.bytes().clone());
          // Nothing but the ids is compressed here.
          long raw = kind == SectionKind.ID_BLOCKS ? part.rawLength() : bytes.length;
          return new SlabSurgeon.Part(part.spec(), bytes, raw, part.items());
        });
  }

  /** The slab with a byte flipped, so that a checksum is wrong. */
  private static byte[] flip(SectionKind kind, long at) {
    DirectoryEntry entry = entry(SLAB, kind);
    byte[] damaged = SLAB.clone();
    damaged[(int) (entry.offset() + (at < 0 ? entry.storedLength() + at : at))] ^= 4;
    return damaged;
  }

  private static byte[] put(byte[] bytes, int at, int number) {
    MemorySegment.ofArray(bytes).set(LittleEndian.INT, at, number);
    return bytes;
  }

  private static int get(byte[] bytes, int at) {
    return MemorySegment.ofArray(bytes).get(LittleEndian.INT, at);
  }

  /** Where the numbers of the first block of ids begin. */
  private static int numbersAt(byte[] ids) {
    return get(ids, 8) + get(ids, 16);
  }

  private static byte[] swap(byte[] bytes, int a, int b) {
    int first = get(bytes, a);
    put(bytes, a, get(bytes, b));
    return put(bytes, b, first);
  }

  private static CheckReport check(byte[] slab) {
    return SlabCheck.report(HeapObject.source("s.slab", slab, true), CheckLevel.DEEP);
  }

  private static void found(byte[] slab, String section, String text) {
    String problems = check(slab).problems().toString();
    boolean is =
        check(slab).problems().stream()
            .anyMatch(p -> p.section().equals(section) && p.problem().contains(text));
    assertTrue(is, section + " '" + text + "' in " + problems);
  }

  /** What is derived can be lost: all ids and records are still there. */
  private static void idsAreFound(byte[] bytes) {
    try (SlabReader slab = TestSlabs.open(bytes);
        SlabReader plain = TestSlabs.open(PLAIN)) {
      for (int rank = 0; rank < ROWS; rank++) {
        byte[] id = plain.rowId(rank);
        int row = slab.find(id);
        assertArrayEquals(id, slab.rowId(row));
        assertEquals(rank, slab.rankOf(row));
        SameRecords.check(plain.record(rank), slab.record(row));
      }
    }
  }

  @Test
  void idsDoNotNeedTheLists() {
    idsAreFound(SLAB);
    for (SectionKind kind : new SectionKind[] {SectionKind.IVF_LISTS, SectionKind.IVF_DIR}) {
      idsAreFound(flip(kind, 0));
      idsAreFound(flip(kind, -1));
      idsAreFound(SlabSurgeon.change(SLAB, entry(SLAB, kind), part -> null));
      idsAreFound(forge(kind, bytes -> Arrays.copyOf(bytes, bytes.length / 2)));
      idsAreFound(forge(kind, bytes -> new byte[0]));
      idsAreFound(
          SlabSurgeon.change(SLAB, entry(SLAB, kind), part -> part.spec(encoding(part.spec(), 9))));
    }
    idsAreFound(forge(SectionKind.IVF_DIR, bytes -> put(bytes, 8, -1)));
    idsAreFound(forge(SectionKind.IVF_DIR, bytes -> put(bytes, 8, get(bytes, 8) + 1)));
    idsAreFound(forge(SectionKind.IVF_DIR, bytes -> put(bytes, 4, -1)));
    idsAreFound(forge(SectionKind.IVF_LISTS, bytes -> put(bytes, 0, -1)));
    idsAreFound(forge(SectionKind.IVF_LISTS, bytes -> put(bytes, 0, ROWS)));
  }

  private static SectionSpec encoding(SectionSpec spec, int encoding) {
    return new SectionSpec(
        spec.kind(), spec.column(), spec.codec(), encoding, spec.alignmentLog2(), spec.param());
  }

  /** Ranks that are possible and wrong are compared with the ids. */
  @Test
  void aWrongRankIsNeverAWrongId() {
    byte[] slab = forge(SectionKind.IVF_LISTS, bytes -> swap(bytes, 0, 4));
    try (SlabReader forged = TestSlabs.open(slab);
        SlabReader plain = TestSlabs.open(PLAIN)) {
      for (int row = 0; row < 2; row++) {
        int at = row;
        assertThrows(CorruptException.class, () -> forged.rowId(at));
        assertThrows(CorruptException.class, () -> forged.rankOf(at));
        assertThrows(CorruptException.class, () -> forged.record(at));
      }
      int right = 0;
      for (int rank = 0; rank < ROWS; rank++) {
        // The rows of ids are right, also where the lists are wrong.
        int row = forged.find(plain.rowId(rank));
        float[] values = new float[12];
        float[] expected = new float[12];
        forged.dense().copy(row, values);
        plain.dense().copy(rank, expected);
        assertArrayEquals(expected, values);
        right += row > 1 && Arrays.equals(plain.rowId(rank), forged.rowId(row)) ? 1 : 0;
      }
      assertEquals(ROWS - 2, right);
    }
    found(slab, "IVF_LISTS", "rank");
  }

  @Test
  void cellsNeedNumberedIds() {
    DirectoryEntry ids = entry(SLAB, SectionKind.ID_BLOCKS);
    DirectoryEntry plain = entry(PLAIN, SectionKind.ID_BLOCKS);
    byte[] stored = Arrays.copyOfRange(PLAIN, (int) plain.offset(), (int) plain.end());
    byte[] slab =
        SlabSurgeon.change(
            SLAB,
            ids,
            part ->
                new SlabSurgeon.Part(
                    encoding(part.spec(), 1), stored, plain.rawLength(), part.items()));
    try (SlabReader reader = TestSlabs.open(slab)) {
      CorruptException e =
          assertThrows(CorruptException.class, () -> AnnSectionsReader.open(reader));
      assertTrue(e.getMessage().contains("cells in a slab"), e.getMessage());
    }
    found(slab, "IVF_DIR", "cells in a slab");
    try (SlabReader reader = TestSlabs.open(SLAB)) {
      assertNotNull(AnnSectionsReader.open(reader));
    }
  }

  @Test
  void everyIdHasARowOfItsOwn() {
    for (UnaryOperator<byte[]> change :
        List.<UnaryOperator<byte[]>>of(
            bytes -> put(bytes, numbersAt(bytes), get(bytes, numbersAt(bytes) + 4)),
            bytes -> put(bytes, numbersAt(bytes) + 8, ROWS),
            bytes -> put(bytes, numbersAt(bytes) + 8, -1))) {
      byte[] slab = forge(SectionKind.ID_BLOCKS, change);
      found(slab, "ID_BLOCKS", "row");
      assertThrows(
          CorruptException.class,
          () -> {
            try (SlabReader reader = TestSlabs.open(slab)) {
              for (int row = 0; row < ROWS; row++) {
                reader.rowId(row);
              }
            }
          });
    }
  }

  /** Two ids that have each other's row: the lists contradict. */
  @Test
  void swappedNumbersAreFound() {
    byte[] slab =
        forge(SectionKind.ID_BLOCKS, bytes -> swap(bytes, numbersAt(bytes), numbersAt(bytes) + 4));
    found(slab, "IVF_LISTS", "rank");
    try (SlabReader reader = TestSlabs.open(slab)) {
      byte[] id = reader.idAt(0);
      assertThrows(CorruptException.class, () -> reader.record(reader.find(id)));
    }
  }

  @Test
  void missingNumbersAreFound() {
    byte[] slab = forge(SectionKind.ID_BLOCKS, bytes -> Arrays.copyOf(bytes, bytes.length - 4));
    found(slab, "ID_BLOCKS", "");
    try (SlabReader reader = TestSlabs.open(slab)) {
      assertThrows(CorruptException.class, () -> reader.rowAt(ROWS - 1));
    }
    assertThrows(IndexOutOfBoundsException.class, () -> TestSlabs.open(SLAB).rowAt(ROWS));
  }

  /**
   * A block whose length in the table is a little less still has its numbers in the wrong place.
   */
  @Test
  void aWrongLengthMovesTheNumbers() {
    found(
        forge(SectionKind.ID_BLOCKS, bytes -> put(bytes, 16, get(bytes, 16) - 1)), "ID_BLOCKS", "");
  }

  @Test
  void damagedNumbersAreNoticed() {
    byte[] slab = flip(SectionKind.ID_BLOCKS, -1);
    try (SlabReader reader = TestSlabs.open(slab)) {
      assertThrows(CorruptException.class, () -> reader.rowAt(ROWS - 1));
    }
    assertEquals("errors", check(slab).status());
  }
}
