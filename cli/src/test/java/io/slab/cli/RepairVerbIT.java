package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.store.FileSource;
import io.slab.testkit.index.LeavesDamage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged index through the verbs: read around the damage, and mended. */
@LeavesDamage
class RepairVerbIT {
  private static final int ROWS = 2_000;
  private static final int DIMENSION = 16;

  /** Rows of the first chunk of vectors. */
  private static final int CHUNK_ROWS = 65_536 / (4 * DIMENSION);

  @TempDir static Path shared;
  @TempDir Path folder;
  private final Shell shell = new Shell();
  private Path index;

  @BeforeAll
  static void fill() throws IOException {
    StringBuilder records = new StringBuilder();
    for (int i = 0; i < ROWS; i++) {
      records.append(record("r%04d".formatted(i), i));
    }
    Shell shell = new Shell().input(records.toString());
    Path made = shared.resolve("books");
    shell.ok("create", made, "--dimension", DIMENSION);
    shell.ok("ingest", made, "-", "--flush");
    shell.input(record("late", 3));
    shell.ok("ingest", made, "-");
    // As gc does in the end: what was flushed is in slabs alone.
    try (var files = Files.list(made.resolve("ns/__default__/wal"))) {
      List<Path> log = files.sorted().toList();
      for (Path file : log.subList(0, log.size() - 1)) {
        Files.delete(file);
      }
    }
  }

  @BeforeEach
  void copy() throws IOException {
    index = folder.resolve("books");
    Path made = shared.resolve("books");
    try (var files = Files.walk(made)) {
      for (Path file : files.toList()) {
        Files.copy(file, index.resolve(made.relativize(file).toString()));
      }
    }
  }

  private static String record(String id, int number) {
    StringBuilder values = new StringBuilder();
    for (int i = 0; i < DIMENSION; i++) {
      values.append(i == 0 ? "" : ",").append(number * (i + 3) % 17 + i);
    }
    return "{\"id\":\"%s\",\"values\":[%s],\"metadata\":{\"n\":%d}}\n"
        .formatted(id, values, number % 5);
  }

  private Path slab() throws IOException {
    try (var files = Files.walk(index)) {
      return files.filter(file -> file.toString().endsWith(".slab")).findFirst().orElseThrow();
    }
  }

  private static void damage(Path slab, SectionKind kind) throws IOException {
    byte[] bytes = Files.readAllBytes(slab);
    try (SlabFile file = SlabFile.open(FileSource.open("s", slab))) {
      DirectoryEntry entry = file.find(kind).entry();
      bytes[(int) (entry.offset() + Math.min(100, entry.storedLength() / 2))] ^= 4;
    }
    Files.write(slab, bytes);
  }

  private Map<String, Integer> files() throws IOException {
    Map<String, Integer> all = new TreeMap<>();
    try (var files = Files.walk(index)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.put(file.toString(), Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return all;
  }

  private Shell.Result code(int code, Object... words) {
    Shell.Result result = shell.run(words);
    assertEquals(code, result.code(), result.err());
    return result;
  }

  private static JsonNode json(String text) {
    return Json.parse("output", text);
  }

  private static String vector() {
    return "[" + "1,".repeat(DIMENSION - 1) + "1]";
  }

  @Test
  void aQueryAnswersFromTheRestWhenAsked() throws IOException {
    damage(slab(), SectionKind.RAW_VECTORS);
    Map<String, Integer> before = files();
    code(6, "query", index, "--vector", vector());
    Shell.Result result =
        code(8, "query", index, "--vector", vector(), "--top-k", 3000, "--skip-damaged", "--json");
    JsonNode answer = json(result.out());
    assertEquals(ROWS + 1 - CHUNK_ROWS, answer.get("matches").size());
    JsonNode skipped = answer.get("skipped").get(0);
    assertEquals(CHUNK_ROWS, skipped.get("recordsLost").intValue());
    assertEquals("r0000", skipped.get("lost").get(0).get("id").stringValue());
    assertTrue(result.err().contains("left out: 1,024 records"), result.err());
    shell.input("{\"id\":\"q\",\"vector\":" + vector() + "}\n");
    Shell.Result many = code(8, "query", index, "--queries", "-", "--skip-damaged", "--json");
    assertTrue(many.out().contains("\"skipped\""), many.out());
    assertEquals(before, files());
  }

  @Test
  void wholeDataAreAnsweredFromAsAlways() {
    String plain = shell.ok("query", index, "--vector", vector(), "--json");
    assertEquals(plain, shell.ok("query", index, "--vector", vector(), "--json", "--skip-damaged"));
  }

  @Test
  void anExportSavesWhatCanBeRead() throws IOException {
    damage(slab(), SectionKind.RAW_VECTORS);
    Map<String, Integer> before = files();
    code(6, "export", index);
    Path report = folder.resolve("report.json");
    Shell.Result lines = code(8, "export", index, "--salvage", "--report", report);
    assertEquals(ROWS + 1 - CHUNK_ROWS, lines.out().lines().count());
    JsonNode lost = json(Files.readString(report)).get("skipped").get(0).get("lost");
    assertEquals(CHUNK_ROWS, lost.size());
    Shell.Result slab = code(8, "export", slab(), "--salvage");
    assertEquals(ROWS - CHUNK_ROWS, slab.out().lines().count());
    assertEquals(before, files());
  }

  @Test
  void repairSaysFirstAndActsWhenTold() throws IOException {
    damage(slab(), SectionKind.RAW_VECTORS);
    Map<String, Integer> before = files();
    JsonNode foreseen = json(code(6, "repair", index, "--json").out());
    assertEquals(before, files());
    assertEquals("damaged", foreseen.get("status").stringValue());
    assertEquals(CHUNK_ROWS, foreseen.get("lost").size());
    JsonNode done = json(code(8, "repair", index, "--apply", "--json").out());
    assertEquals(foreseen.get("lost").toString(), done.get("lost").toString());
    assertEquals(1, done.get("quarantined").size());
    code(0, "verify", index);
    Shell.Result all = code(0, "export", index);
    assertEquals(ROWS + 1 - CHUNK_ROWS, all.out().lines().count());
    code(0, "repair", index);
    code(0, "gc", index, "--min-age", "0s", "--yes");
  }

  @Test
  void derivedSectionsAreRebuilt() throws IOException {
    damage(slab(), SectionKind.INVERSE_NORMS);
    Shell.Result found = code(6, "verify", index, "--json");
    assertTrue(found.out().contains("compact " + index + " --rebuild"), found.out());
    code(0, "compact", index, "--rebuild");
    code(0, "verify", index, "--level", "quick");
    assertEquals(ROWS + 1, shell.ok("export", index).lines().count());
    damage(slab(), SectionKind.ID_BLOOM);
    code(0, "repair", index, "--apply");
    assertEquals(ROWS + 1, shell.ok("export", index).lines().count());
  }

  @Test
  void oneSlabIsSavedIntoAnother() throws IOException {
    damage(slab(), SectionKind.RAW_VECTORS);
    Path saved = folder.resolve("saved.slab");
    code(6, "repair", slab());
    JsonNode done = json(code(8, "repair", slab(), "--to", saved, "--json").out());
    assertFalse(done.get("lost").isEmpty());
    code(0, "verify", saved);
    damage(slab(), SectionKind.META_ROWS);
    Path nothing = folder.resolve("nothing.slab");
    code(4, "repair", slab(), "--to", nothing);
    assertFalse(Files.exists(nothing));
  }

  @Test
  void verifyGoesOnWhereItsTimeEnded() throws IOException {
    damage(slab(), SectionKind.RAW_VECTORS);
    JsonNode quick = json(code(8, "verify", index, "--max-duration", "0s", "--json").out());
    assertEquals(1, quick.get("slabsLeftOut").intValue());
    code(6, "verify", index, "--resume-after", quick.get("resumeAfter").stringValue());
    code(0, "verify", index, "--resume-after", "ns/__default__/slabs/" + slab().getFileName());
    code(6, "verify", index, "--sample", 100);
    code(2, "verify", index, "--sample", 0);
    code(2, "verify", slab(), "--sample", 5);
    JsonNode row = json(code(6, "verify", index, "--json").out()).get("problems").get(0);
    assertEquals(CHUNK_ROWS, row.get("recordsAtRisk").intValue());
    assertEquals("slab repair " + index, row.get("remedy").stringValue());
  }

  @Test
  void indexJsonComesBackFromSlabs() throws IOException {
    code(3, "repair", Files.createDirectory(folder.resolve("empty")));
    Files.delete(index.resolve("index.json"));
    code(3, "query", index, "--vector", vector());
    code(6, "repair", index);
    code(0, "repair", index, "--apply", "--index-name", "books");
    code(0, "verify", index);
    assertEquals(ROWS + 1, shell.ok("export", index).lines().count());
  }

  @Test
  void lostManifestsComeBackFromSlabsAndLog() throws IOException {
    shell.ok("delete", index, "--ids", "r0001,late", "--yes");
    try (var files = Files.list(index.resolve("ns/__default__/manifest"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    code(6, "query", index, "--vector", vector());
    assertEquals(ROWS - 1, code(0, "export", index, "--salvage").out().lines().count());
    code(0, "repair", index, "--apply");
    code(0, "verify", index);
    List<String> ids = shell.ok("list", index, "--all", "-o", "tsv").lines().skip(1).toList();
    assertEquals(ROWS - 1, ids.size());
    assertFalse(ids.contains("r0001") || ids.contains("late"));
  }
}
