package io.slab.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.bytes.Zstd;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFile;
import io.slab.format.file.SlabFileWriter;
import io.slab.format.file.SlabFormat;
import io.slab.format.file.SlabTrailer;
import io.slab.format.section.CellListsLayout;
import io.slab.format.section.ColumnLayout;
import io.slab.format.section.MetadataCodec;
import io.slab.format.section.StringBlocksLayout;
import io.slab.model.Ulid;
import io.slab.testkit.HeapObject;
import io.slab.testkit.spec.ByteTable;
import io.slab.testkit.spec.Constants;
import io.slab.testkit.spec.SpecTables;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** spec/slab-file.md against the code. */
class SlabFileTablesTest {
  private static final String DOCUMENT = "slab-file.md";
  private static final Ulid ID = new Ulid(0x0102030405060708L, 0x090A0B0C0D0E0F10L);

  @Test
  void numbers() {
    Map<String, Long> expected = new TreeMap<>(Constants.numbers(SlabFormat.class));
    expected
        .keySet()
        .removeIf(n -> n.startsWith("FLAG") || n.startsWith("CODEC_") || n.endsWith("MAGIC"));
    expected.put("MAX_BLOCK", (long) Zstd.MAX_BLOCK);
    Map<String, Long> found = new TreeMap<>();
    SpecTables.rows(DOCUMENT, "N-")
        .forEach((name, cells) -> found.put(name, SpecTables.number(cells.get(0))));
    assertEquals(expected, found);
  }

  @Test
  void flagsAndCodecs() {
    Map<String, Long> flags = new TreeMap<>();
    SpecTables.rows(DOCUMENT, "F-").forEach((n, c) -> flags.put(n, SpecTables.number(c.get(0))));
    assertEquals(Constants.numbers(SlabFormat.class, "FLAG_"), flags);
    long known = flags.values().stream().mapToLong(Long::longValue).sum();
    assertEquals(SlabFormat.FLAGS_KNOWN, known);
    Map<String, Long> codecs = new TreeMap<>();
    SpecTables.rows(DOCUMENT, "C-").forEach((n, c) -> codecs.put(n, SpecTables.number(c.get(0))));
    assertEquals(Constants.numbers(SlabFormat.class, "CODEC_"), codecs);
  }

  @Test
  void sectionKinds() {
    Map<Long, List<String>> expected = new TreeMap<>();
    for (SectionKind kind : SectionKind.values()) {
      expected.put(
          (long) kind.code(),
          List.of(kind.name(), yesNo(kind.critical()), yesNo(kind.derived()), owner(kind)));
    }
    Map<Long, List<String>> found = new TreeMap<>();
    SpecTables.rows(DOCUMENT, "K-")
        .forEach((code, cells) ->
            found.put(
                SpecTables.number(code),
                List.of(cells.get(0), cells.get(1), cells.get(2), cells.get(4))));
    assertEquals(expected, found);
  }

  /** What there is a section of the kind for each of. */
  private static String owner(SectionKind kind) {
    return kind.perColumn() ? "column" : kind.perVector() ? "vector" : "slab";
  }

  private static String yesNo(boolean value) {
    return value ? "yes" : "no";
  }

  @Test
  void encodings() {
    Map<String, Long> found = new TreeMap<>();
    SpecTables.rows(DOCUMENT, "E-")
        .forEach((name, cells) -> found.put(name, SpecTables.number(cells.get(1))));
    Map<String, Long> expected = new TreeMap<>();
    expected.put("PLAIN", (long) SectionSpec.of(SectionKind.MANIFEST).encoding());
    Map.of(
            "IDS_IN_ORDER", SectionSpec.of(SectionKind.ID_BLOCKS).encoding(),
            "IDS_NUMBERED", StringBlocksLayout.NUMBERED,
            "DICT_STRINGS", ColumnLayout.DICT_STRINGS,
            "DICT_NUMBERS", ColumnLayout.DICT_NUMBERS,
            "CODES_SINGLE", ColumnLayout.CODES_SINGLE,
            "CODES_LIST", ColumnLayout.CODES_LIST,
            "ROTATION_FINE", CellListsLayout.ENCODING,
            "LISTS_FINE", CellListsLayout.ENCODING)
        .forEach((name, value) -> expected.put(name.replace('_', '-'), (long) value));
    assertEquals(expected, found);
  }

  @Test
  void valueTags() {
    Map<String, Long> found = new TreeMap<>();
    SpecTables.rows(DOCUMENT, "V-")
        .forEach((name, cells) -> found.put(name, SpecTables.number(cells.get(0))));
    assertEquals(Constants.numbers(MetadataCodec.class, "TAG_"), found);
  }

  @Test
  void tableSizes() {
    assertEquals(StringBlocksLayout.HEADER_BYTES, new ByteTable(DOCUMENT, "SB-").size());
    assertEquals(StringBlocksLayout.TABLE_ENTRY_BYTES, new ByteTable(DOCUMENT, "SBE-").size());
    assertEquals(24, new ByteTable(DOCUMENT, "MB-").size());
    assertEquals(16, new ByteTable(DOCUMENT, "BD-").size());
    assertEquals(32, new ByteTable(DOCUMENT, "SD-").size());
    assertEquals(16, new ByteTable(DOCUMENT, "RS-").size());
    assertEquals(16, new ByteTable(DOCUMENT, "RL-").size());
    String text = SpecTables.text(DOCUMENT);
    assertTrue(text.contains("1 to 1,024, equal"), "block items");
    assertEquals(1_024, StringBlocksLayout.MAX_PER_BLOCK);
    assertTrue(text.contains("param = ids in a block (" + StringBlocksLayout.IDS_PER_BLOCK + ")"));
    assertTrue(text.contains("param = " + StringBlocksLayout.VALUES_PER_BLOCK + ". Of a list"));
  }

  /**
   * A container with one plain and one chunked section, and each byte of it where the tables say.
   */
  @Test
  void headerTrailerAndDirectory() {
    HeapObject object = new HeapObject();
    SlabFileWriter writer = new SlabFileWriter(object, ID, 0x1122334455667788L);
    SectionSpec vectors = SectionSpec.of(SectionKind.RAW_VECTORS).pageAligned().param(0x0A0B0C0DL);
    byte[] big = new byte[SlabFormat.CHUNK_BYTES + 1];
    writer.section(vectors, MemorySegment.ofArray(big), big.length, 77);
    writer.hot();
    SectionSpec codes = SectionSpec.of(SectionKind.COLUMN_CODES).column(0x0102).encoding(2).zstd();
    writer.section(codes, MemorySegment.ofArray(new byte[9]), 10, 11);
    writer.finish();
    MemorySegment bytes = MemorySegment.ofArray(object.bytes());
    SlabFile file = SlabFile.open(HeapObject.source("x.slab", object.bytes(), true));
    checkHeader(bytes.asSlice(0, SlabFormat.HEADER_BYTES));
    checkTrailer(file.trailer(), bytes.asSlice(bytes.byteSize() - SlabFormat.TRAILER_BYTES));
    assertEquals(3, file.entries().size());
    ByteTable table = new ByteTable(DOCUMENT, "D-");
    assertEquals(SlabFormat.ENTRY_BYTES, table.size());
    long at = file.trailer().directoryOffset();
    for (DirectoryEntry entry : file.entries()) {
      checkEntry(table, entry, bytes.asSlice(at, SlabFormat.ENTRY_BYTES));
      at += SlabFormat.ENTRY_BYTES;
    }
  }

  private static void checkHeader(MemorySegment bytes) {
    ByteTable table = new ByteTable(DOCUMENT, "H-");
    assertEquals(SlabFormat.HEADER_BYTES, table.size());
    table
        .expectOffsets(0, 8, 10, 12, 16, 32, 40, 60)
        .expectZeros(bytes)
        .expect(bytes, 0, SlabFormat.MAGIC)
        .expect(bytes, 8, SlabFormat.MAJOR)
        .expect(bytes, 10, SlabFormat.MINOR)
        .expect(bytes, 16, ID.toBytes())
        .expect(bytes, 32, 0x1122334455667788L)
        .expect(bytes, 60, io.slab.bytes.Crc.of(bytes.asSlice(0, 60)));
  }

  private static void checkTrailer(SlabTrailer trailer, MemorySegment bytes) {
    ByteTable table = new ByteTable(DOCUMENT, "T-");
    assertEquals(SlabFormat.TRAILER_BYTES, table.size());
    byte[] zeroed = bytes.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    java.util.Arrays.fill(zeroed, 68, 72, (byte) 0);
    table
        .expectOffsets(0, 8, 12, 16, 32, 40, 48, 56, 64, 66, 68, 72)
        .expect(bytes, 0, trailer.directoryOffset())
        .expect(bytes, 8, trailer.entries())
        .expect(bytes, 12, trailer.directoryCrc())
        .expect(bytes, 16, trailer.id().toBytes())
        .expect(bytes, 32, trailer.hotOffset())
        .expect(bytes, 40, trailer.fileLength())
        .expect(bytes, 48, trailer.requiredFeatures())
        .expect(bytes, 56, trailer.optionalFeatures())
        .expect(bytes, 64, trailer.major())
        .expect(bytes, 66, trailer.minor())
        .expect(bytes, 68, io.slab.bytes.Crc.of(zeroed, 0, zeroed.length))
        .expect(bytes, 72, SlabFormat.END_MAGIC);
  }

  private static void checkEntry(ByteTable table, DirectoryEntry entry, MemorySegment bytes) {
    table
        .expectOffsets(0, 2, 4, 6, 7, 8, 16, 24, 32, 40, 42, 44, 45, 48, 52, 56)
        .expectZeros(bytes)
        .expect(bytes, 0, entry.kind())
        .expect(bytes, 2, entry.column())
        .expect(bytes, 4, entry.part())
        .expect(bytes, 6, entry.codec())
        .expect(bytes, 7, entry.flags())
        .expect(bytes, 8, entry.offset())
        .expect(bytes, 16, entry.storedLength())
        .expect(bytes, 24, entry.rawLength())
        .expect(bytes, 32, entry.items())
        .expect(bytes, 40, entry.encoding())
        .expect(bytes, 44, entry.alignmentLog2())
        .expect(bytes, 48, entry.crc())
        .expect(bytes, 52, entry.firstChunk())
        .expect(bytes, 56, entry.param());
  }
}
