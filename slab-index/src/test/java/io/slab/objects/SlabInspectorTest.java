package io.slab.objects;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.bytes.Crc;
import io.slab.bytes.LittleEndian;
import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFormat;
import io.slab.inspect.BitmapInfo;
import io.slab.inspect.ColumnInfo;
import io.slab.inspect.HexDump;
import io.slab.inspect.RowInfo;
import io.slab.inspect.SectionInfo;
import io.slab.inspect.SlabInspector;
import io.slab.inspect.SlabOverview;
import io.slab.model.MetaValue;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.testkit.HeapObject;
import io.slab.testkit.SlabFixture;
import io.slab.wal.WalObject;
import io.slab.wal.WalRecord;
import io.slab.wal.WalWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlabInspectorTest {
  private static final byte[] SLAB = SlabFixture.slab();

  private static SlabInspector open(byte[] slab) {
    return SlabInspector.open(HeapObject.source("s.slab", slab, true));
  }

  @Test
  void summary() {
    try (SlabInspector slab = open(SLAB)) {
      SlabOverview summary = slab.summary();
      assertEquals(SlabFixture.ID, summary.id());
      assertEquals(SLAB.length, summary.bytes());
      assertEquals(300, summary.rows());
      assertEquals(3, summary.dimension());
      assertEquals("cosine", summary.metric());
      assertEquals(1000, summary.lsnMin());
      assertEquals(1299, summary.lsnMax());
      assertEquals(4, summary.columns());
      assertEquals(1, summary.major());
    }
  }

  @Test
  void sectionsInTheOrderOfTheFile() {
    try (SlabInspector slab = open(SLAB)) {
      List<SectionInfo> sections = slab.sections();
      assertEquals(slab.summary().sections(), sections.size());
      SectionInfo first = sections.getFirst();
      assertEquals("RAW_VECTORS", first.kind());
      assertEquals(4096, first.offset());
      assertEquals(4096, first.alignment());
      assertEquals(300 * 12, first.storedLength());
      assertEquals(List.of("critical"), first.flags());
      assertEquals(-1, first.column());
      SectionInfo dictionary =
          sections.stream().filter(s -> s.kind().equals("COLUMN_DICT")).findFirst().orElseThrow();
      assertEquals("g", dictionary.field());
      assertEquals("zstd", dictionary.codec());
      assertTrue(dictionary.flags().contains("derived"));
      for (int i = 1; i < sections.size(); i++) {
        assertTrue(sections.get(i - 1).offset() <= sections.get(i).offset());
      }
    }
  }

  @Test
  void columnsWithTheirTopValues() {
    try (SlabInspector slab = open(SLAB)) {
      List<ColumnInfo> columns = slab.columns(3);
      assertEquals(4, columns.size());
      ColumnInfo list = columns.get(SlabFixture.G_LIST);
      assertEquals("list", list.type());
      assertEquals(new ColumnInfo.Count(new MetaValue.Str("z"), 38), list.top().getFirst());
      ColumnInfo numbers = columns.get(SlabFixture.N);
      assertEquals(150, numbers.distinct());
      // Ties come in the order of values; 0, 5, ... occur once because every tenth row is bare.
      assertEquals(
          List.of(1.0, 2.0, 3.0),
          numbers.top().stream().map(c -> ((MetaValue.Num) c.value()).value()).toList());
      assertEquals(2, numbers.top().getFirst().rows());
      assertEquals(
          List.of(
              new ColumnInfo.Count(new MetaValue.Bool(false), 150),
              new ColumnInfo.Count(new MetaValue.Bool(true), 120)),
          columns.get(SlabFixture.T).top());
      assertTrue(list.bytes() > 0);
    }
  }

  @Test
  void bitmaps() {
    try (SlabInspector slab = open(SLAB)) {
      List<BitmapInfo> bitmaps = slab.bitmaps("g", 2);
      assertEquals(6, bitmaps.size(), "presence and two values of each of two columns");
      assertNull(bitmaps.getFirst().value());
      assertEquals(232, bitmaps.getFirst().cardinality());
      assertEquals(new MetaValue.Str("a"), bitmaps.get(1).value());
      BitmapInfo single =
          slab.bitmaps("n", 1000).stream()
              .filter(b -> b.cardinality() == 1)
              .findFirst()
              .orElseThrow();
      assertEquals(1, single.row());
      assertEquals(-1, single.offset());
      assertThrows(NotFoundException.class, () -> slab.bitmaps("none", 1));
    }
  }

  @Test
  void rows() {
    try (SlabInspector slab = open(SLAB)) {
      for (int row : new int[] {0, 1, 255, 256, 299}) {
        RowInfo info = slab.row(row);
        assertEquals(SlabFixture.id(row), info.record().id());
        assertEquals(1000 + row, info.lsn());
        assertArrayEquals(SlabFixture.vector(row), info.record().values());
        assertNull(info.record().sparse());
        assertEquals(SlabFixture.metadata(row), info.record().metadata());
        assertEquals(row, slab.row(SlabFixture.id(row)).row());
      }
      assertThrows(NotFoundException.class, () -> slab.row(300));
      assertThrows(NotFoundException.class, () -> slab.row(-1));
      assertThrows(NotFoundException.class, () -> slab.row("none"));
    }
  }

  @Test
  void anUnknownOptionalSectionIsListedAndNothingElse() {
    byte[] slab = SLAB.clone();
    MemorySegment bytes = MemorySegment.ofArray(slab);
    int trailer = slab.length - SlabFormat.TRAILER_BYTES;
    long directory = bytes.get(LittleEndian.LONG, trailer);
    // The last entry, so that the order of entries stays right.
    long entry = trailer - SlabFormat.ENTRY_BYTES;
    assertEquals(SectionKind.RANK_SLICES.code(), bytes.get(LittleEndian.SHORT, entry));
    bytes.set(LittleEndian.SHORT, entry, (short) 0x5F);
    bytes.set(
        LittleEndian.INT,
        trailer + 12,
        Crc.of(SlabFixture.ID, directory, 0, bytes.asSlice(directory, trailer - directory)));
    bytes.set(LittleEndian.INT, trailer + 68, 0);
    bytes.set(LittleEndian.INT, trailer + 68, Crc.of(bytes.asSlice(trailer)));
    try (SlabInspector inspector = open(slab)) {
      SectionInfo unknown =
          inspector.sections().stream().filter(s -> !s.known()).findFirst().orElseThrow();
      assertEquals("0x5f", unknown.kind());
      assertEquals(300, inspector.summary().rows());
      assertEquals(4, inspector.columns(1).size());
      assertEquals(1001, inspector.row(1).lsn());
    }
  }

  @Test
  void aDamagedManifestHidesNoSections() {
    byte[] slab = SLAB.clone();
    long offset;
    try (SlabInspector inspector = open(SLAB)) {
      offset = inspector.file().require(SectionKind.MANIFEST).entry().offset();
    }
    slab[(int) offset + 5] ^= 1;
    try (SlabInspector inspector = open(slab)) {
      assertEquals("RAW_VECTORS", inspector.sections().getFirst().kind());
      assertThrows(CorruptException.class, inspector::summary);
    }
  }

  @Test
  void hexDump() {
    var source = HeapObject.source("x", Utf8.bytes("0123456789abcdefgh\n"), true);
    assertEquals(
        List.of(
            new HexDump.Line(
                1, "31 32 33 34 35 36 37 38 39 61 62 63 64 65 66 67", "123456789abcdefg"),
            new HexDump.Line(17, "68 0a", "h.")),
        HexDump.of(source, 1, 100));
    assertEquals(List.of(), HexDump.of(source, 19, 1));
    assertThrows(InvalidInputException.class, () -> HexDump.of(source, 20, 1));
    assertThrows(InvalidInputException.class, () -> HexDump.of(source, -1, 1));
    assertThrows(InvalidInputException.class, () -> HexDump.of(source, 0, -1));
  }

  @Test
  void objectsAreToldByTheirContent() {
    WalObject wal =
        new WalObject(
            7,
            new Ulid(1, 1),
            new Ulid(2, 2),
            new Ulid(3, 3),
            List.of(new WalRecord(1, 5, new byte[4]), new WalRecord(0x90, 0, new byte[0])));
    byte[] bytes = WalWriter.encode(wal);
    assertEquals(ObjectType.SLAB, type(SLAB));
    assertEquals(ObjectType.WAL, type(bytes));
    assertEquals(ObjectType.INDEX, type(Utf8.bytes("{\"format\":\"slab-index\"}")));
    assertEquals(
        ObjectType.NAMESPACE_MANIFEST, type(Utf8.bytes("{\"format\":\"slab-namespace\"}")));
    assertEquals(ObjectType.JSON, type(Utf8.bytes("{}")));
    assertEquals(ObjectType.UNKNOWN, type(Utf8.bytes("{x")));
    assertEquals(ObjectType.UNKNOWN, type(new byte[0]));
    assertEquals(ObjectType.UNKNOWN, type(new byte[100]));
    WalInfo info = ObjectInspector.wal(HeapObject.source("copy", bytes, true));
    assertEquals(7, info.sequence());
    assertEquals(7L << 20, info.records().getFirst().lsn());
    assertEquals("upsert", info.records().get(0).operation());
    assertEquals(List.of("dense", "metadata"), info.records().get(0).parts());
    assertEquals("0x90", info.records().get(1).operation());
    byte[] cut = MemorySegment.ofArray(bytes).asSlice(0, 40).toArray(ValueLayout.JAVA_BYTE);
    assertThrows(
        CorruptException.class, () -> ObjectInspector.wal(HeapObject.source("cut", cut, true)));
  }

  private static ObjectType type(byte[] bytes) {
    return ObjectType.of(HeapObject.source("any", bytes, true));
  }
}
