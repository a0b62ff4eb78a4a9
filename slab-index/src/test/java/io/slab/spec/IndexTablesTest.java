package io.slab.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.format.file.SlabFormat;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.manifest.BuiltSlabs;
import io.slab.manifest.BuiltSlabsJson;
import io.slab.manifest.ColumnStatistics;
import io.slab.manifest.DeletionVector;
import io.slab.manifest.IndexJson;
import io.slab.manifest.ManifestJson;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SettingsLog;
import io.slab.manifest.SlabEntry;
import io.slab.manifest.SlabEntryBuilder;
import io.slab.manifest.SnapshotPart;
import io.slab.manifest.SnapshotPartJson;
import io.slab.model.Environment;
import io.slab.model.Extent;
import io.slab.model.IndexSpec;
import io.slab.model.Ledger;
import io.slab.model.Metric;
import io.slab.model.TextIndex;
import io.slab.model.Ulid;
import io.slab.model.VectorType;
import io.slab.model.Vintage;
import io.slab.namespace.Thresholds;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.spec.ByteTable;
import io.slab.testkit.spec.Constants;
import io.slab.testkit.spec.SpecTables;
import io.slab.wal.WalLayout;
import io.slab.wal.WalObject;
import io.slab.wal.WalRecord;
import io.slab.wal.WalWriter;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** spec/index.md against the code. */
class IndexTablesTest {
  private static final String DOCUMENT = "index.md";
  private static final Ulid SLAB = new Ulid(1, 2);
  private static final Ulid COMMIT = new Ulid(3, 4);
  private static final Ulid WRITER = new Ulid(5, 6);
  private static final Ulid PREVIOUS = new Ulid(7, 8);

  @Test
  void walNumbers() {
    Map<String, Long> expected = new TreeMap<>(Constants.numbers(WalLayout.class));
    expected
        .keySet()
        .removeIf(name ->
            name.endsWith("MAGIC")
                || name.startsWith("FLAG_")
                || (name.startsWith("OP_") && !name.equals("OP_IGNORABLE")));
    Map<String, Long> found = new TreeMap<>();
    SpecTables.rows(DOCUMENT, "WN-").forEach((n, c) -> found.put(n, SpecTables.number(c.get(0))));
    assertEquals(expected, found);
  }

  @Test
  void magicNumbers() {
    long vector =
        Constants.numbers(DeletionVector.class).getOrDefault("MAGIC", 0x1A0A0D56444C5389L);
    Map<String, Long> expected =
        Map.of(
            "SLAB", SlabFormat.MAGIC,
            "SLAB-END", SlabFormat.END_MAGIC,
            "WAL", WalLayout.MAGIC,
            "WAL-END", WalLayout.END_MAGIC,
            "DV", vector,
            "DV-END", ~vector);
    Map<String, Long> found = new TreeMap<>();
    SpecTables.rows("slab-file.md", "M-")
        .forEach((name, cells) -> {
          byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(cells.get(0));
          found.put(name, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
        });
    assertEquals(new TreeMap<>(expected), found);
  }

  @Test
  void thresholds() {
    Map<String, Long> found = new TreeMap<>();
    SpecTables.rows(DOCUMENT, "TH-").forEach((n, c) -> found.put(n, SpecTables.number(c.get(0))));
    assertEquals(Thresholds.defaults(), found);
  }

  @Test
  void walOperationsAndFlags() {
    Map<String, Long> expected = Constants.numbers(WalLayout.class, "OP_");
    expected.remove("IGNORABLE");
    Map<String, Long> found = new TreeMap<>();
    SpecTables.rows(DOCUMENT, "OP-").forEach((n, c) -> found.put(n, SpecTables.number(c.get(0))));
    assertEquals(expected, found);
    Map<String, Long> flags = new TreeMap<>();
    SpecTables.rows(DOCUMENT, "WF-").forEach((n, c) -> flags.put(n, SpecTables.number(c.get(0))));
    assertEquals(Constants.numbers(WalLayout.class, "FLAG_"), flags);
    assertEquals(
        expected.keySet(),
        new TreeMap<>(SpecTables.rows(DOCUMENT, "RP-")).keySet(),
        "replay table");
  }

  @Test
  void walObject() {
    long sequence = 9;
    List<WalRecord> records =
        List.of(
            new WalRecord(WalLayout.OP_DELETE, 0, new byte[] {1, 'a'}),
            new WalRecord(WalLayout.OP_DELETE_ALL, 0, new byte[0]));
    byte[] object = WalWriter.encode(new WalObject(sequence, WRITER, COMMIT, PREVIOUS, records));
    MemorySegment bytes = MemorySegment.ofArray(object);
    ByteTable header = new ByteTable(DOCUMENT, "W-");
    assertEquals(WalLayout.HEADER_BYTES, header.size());
    header
        .expectOffsets(0, 8, 10, 12, 16, 32, 48, 56, 64)
        .expect(bytes, 0, WalLayout.MAGIC)
        .expect(bytes, 8, WalLayout.MAJOR)
        .expect(bytes, 10, WalLayout.MINOR)
        .expect(bytes, 12, 2)
        .expect(bytes, 16, WRITER.toBytes())
        .expect(bytes, 32, COMMIT.toBytes())
        .expect(bytes, 48, sequence << 20)
        .expect(bytes, 56, (sequence << 20) + 1)
        .expect(bytes, 64, PREVIOUS.toBytes());
    ByteTable record = new ByteTable(DOCUMENT, "WR-");
    assertEquals(WalLayout.RECORD_HEADER_BYTES, record.size());
    MemorySegment first = bytes.asSlice(WalLayout.HEADER_BYTES);
    record
        .expectOffsets(0, 4, 8, 9)
        .expect(first, 0, 4)
        .expect(first, 4, io.slab.bytes.Crc.of(COMMIT, sequence, 0, first.asSlice(8, 4)))
        .expect(first, 8, WalLayout.OP_DELETE)
        .expect(first, 9, 0);
    MemorySegment end = bytes.asSlice(object.length - WalLayout.TRAILER_BYTES);
    ByteTable trailer = new ByteTable(DOCUMENT, "WT-");
    assertEquals(WalLayout.TRAILER_BYTES, trailer.size());
    trailer
        .expectOffsets(0, 8, 12, 16, 24)
        .expectZeros(end)
        .expect(end, 0, object.length)
        .expect(end, 8, 2)
        .expect(end, 24, WalLayout.END_MAGIC);
  }

  @Test
  void manifestMembers() {
    JsonNode manifest = Json.parseStored("m", ManifestJson.encode(manifest()));
    assertEquals(List.copyOf(SpecTables.rows(DOCUMENT, "NM-").keySet()), names(manifest));
    JsonNode slab = manifest.get("slabs").get(0);
    assertEquals(List.copyOf(SpecTables.rows(DOCUMENT, "NS-").keySet()), names(slab));
    JsonNode column = slab.get("columns").get(0);
    assertEquals(List.copyOf(SpecTables.rows(DOCUMENT, "NC-").keySet()), names(column));
    SpecTables.rows(DOCUMENT, "NM-")
        .forEach((name, cells) -> {
          if (cells.get(0).equals("decimal") || cells.get(0).equals("string")) {
            assertEquals(true, manifest.get(name).isString(), name);
          }
        });
  }

  @Test
  void builtSlabsMembers() {
    BuiltSlabs load = BuiltSlabs.bulk(COMMIT, "n", 1, 1L << 20, WRITER);
    BuiltSlabs compaction = BuiltSlabs.compaction(COMMIT, "n", 1, 7, 1, manifest().slabs());
    Set<String> names = new LinkedHashSet<>();
    for (BuiltSlabs built : List.of(load, compaction)) {
      names.addAll(names(Json.parseStored("b", BuiltSlabsJson.encode(built))));
    }
    assertEquals(new TreeSet<>(SpecTables.rows(DOCUMENT, "BS-").keySet()), new TreeSet<>(names));
  }

  @Test
  void snapshotPartMembers() {
    SlabEntry slab = manifest().slabs().getFirst();
    SnapshotPart part = new SnapshotPart("n", 2, COMMIT, 1, slab.liveRows(), slab);
    JsonNode json = Json.parseStored("p", SnapshotPartJson.encode(part));
    assertEquals(List.copyOf(SpecTables.rows(DOCUMENT, "PS-").keySet()), names(json));
    assertEquals(part, SnapshotPartJson.decode(SnapshotPartJson.encode(part)));
  }

  @Test
  void indexAndSettingsMembers() {
    TextIndex text = new TextIndex("t", "english");
    IndexSpec spec = new IndexSpec("i", 3, Metric.COSINE, VectorType.HYBRID, null, text, 1);
    JsonNode index = Json.parseStored("i", IndexJson.encode(spec, SLAB));
    assertEquals(List.copyOf(SpecTables.rows(DOCUMENT, "IJ-").keySet()), names(index));
    MemoryStore store = new MemoryStore();
    Environment environment = new Environment(() -> 5, new SplittableRandom(1));
    new SettingsLog(store, Retry.COMMIT).setDeletionProtected(true, environment);
    byte[] bytes = store.read("config/00000000000000000001.json", 1 << 20);
    JsonNode settings = Json.parseStored("c", bytes);
    assertEquals(List.copyOf(SpecTables.rows(DOCUMENT, "CJ-").keySet()), names(settings));
  }

  private static NamespaceManifest manifest() {
    ColumnStatistics column = new ColumnStatistics("f", ColumnStatistics.NUMBER, 1, 1.0, 2.0);
    SlabEntry slab =
        new SlabEntryBuilder(SLAB)
            .rows(0, 3)
            .file(200, 100)
            .lsns(1, 2)
            .asOf(9)
            .tombstones(4)
            .ledger(new Ledger(1, 2, 3, 4))
            .search("exact", new Vintage(2, 3), List.of(new Extent(64, 10)))
            .columns(List.of(column))
            .build();
    NamespaceManifest first =
        NamespaceManifest.first("n", COMMIT, WRITER, 1, "w", new TreeMap<>(Map.of("t", 1L)));
    NamespaceManifest.Edit edit =
        new NamespaceManifest.Edit(
            "flush", false, 2, 1, List.of(slab), List.of(new NamespaceManifest.WalCommit(1, SLAB)));
    SlabEntry old = new SlabEntryBuilder(COMMIT).asOf(1).build();
    NamespaceManifest.Edit before =
        new NamespaceManifest.Edit("flush", false, 1, 0, List.of(old), List.of());
    return first
        .next(WRITER, 2, "w", before)
        .next(PREVIOUS, 2, "w", edit)
        .withCondemned(List.of("slabs/" + COMMIT + ".slab"));
  }

  private static List<String> names(JsonNode object) {
    return new ArrayList<>(object.propertyNames());
  }

  @Test
  void historyLengths() {
    String text = SpecTables.text(DOCUMENT);
    assertEquals(true, text.contains("at most " + NamespaceManifest.MAX_HISTORY + " manifests"));
    assertEquals(1024, NamespaceManifest.MAX_WAL_HISTORY);
    assertEquals(1024, NamespaceManifest.MAX_RETIRED);
    assertEquals(true, text.contains("ids of at most 1,024 slabs"));
    assertEquals(true, text.contains("at most 1,024 flushed WAL objects"));
    assertEquals(4096, DeletionVector.MAX_INLINE_BYTES);
    assertEquals(true, text.contains("of at most 4,096 bytes stands in the"));
  }

  @Test
  void namespaceFolders() {
    SpecTables.rows(DOCUMENT, "NE-")
        .forEach((id, cells) -> {
          String name = SpecTables.code(cells.get(0));
          String folder = SpecTables.code(cells.get(1));
          assertEquals(folder, NamespaceNames.encode(name), id);
          assertEquals(name, NamespaceNames.decode(folder), id);
        });
  }

  @Test
  void deletionVector() {
    byte[] bitmap = {1, 2, 3};
    byte[] file = DeletionVector.encodeFile(SLAB, 12, 34, bitmap);
    MemorySegment bytes = MemorySegment.ofArray(file);
    ByteTable table = new ByteTable(DOCUMENT, "DV-");
    table
        .expectOffsets(0, 8, 10, 12, 16, 32, 40)
        .expectZeros(bytes)
        .expect(bytes, 0, 0x1A0A0D56444C5389L)
        .expect(bytes, 8, 1)
        .expect(bytes, 10, 0)
        .expect(bytes, 16, SLAB.toBytes())
        .expect(bytes, 32, 34)
        .expect(bytes, 40, bitmap.length);
    assertEquals(48, table.size());
    assertEquals(60 + bitmap.length, file.length);
    int crc = bytes.get(io.slab.bytes.LittleEndian.INT, file.length - 12);
    assertEquals(io.slab.bytes.Crc.of(SLAB, 12, 0, bytes.asSlice(0, file.length - 12)), crc);
    assertEquals(~0x1A0A0D56444C5389L, bytes.get(io.slab.bytes.LittleEndian.LONG, file.length - 8));
  }
}
