package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both ways into an index, with inputs of which some records used to get lost without a word. */
class LostRecordsIT {
  private static final String MIGRATE = "migrate-from-pod-export";

  @TempDir Path folder;
  private final Shell shell = new Shell();

  private static String record(String id) {
    return "{\"id\":\"" + id + "\",\"values\":[1,0.5]}";
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Path npy(String name, int rows) throws IOException {
    String head = "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, 2), }".formatted(rows);
    ByteBuffer out = ByteBuffer.allocate(128 + 8 * rows).order(ByteOrder.LITTLE_ENDIAN);
    out.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
    out.put((String.format("%-117s", head) + '\n').getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < rows; i++) {
      out.putFloat(1).putFloat(i);
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, out.array());
  }

  private Path index(String name) {
    Path index = folder.resolve(name);
    shell.ok("create", index, "-d", 2);
    return index;
  }

  private List<String> ids(Path index) {
    return shell.ok("list", index, "--all", "-o", "tsv").lines().skip(1).toList();
  }

  private Shell.Result code(int code, Object... words) {
    Shell.Result result = shell.run(words);
    assertEquals(code, result.code(), result.err());
    return result;
  }

  @Test
  void filesOfTwoShapesAreAllRead() throws IOException {
    Path list = write("export/batch_0.json", "[" + record("r0") + "," + record("r1") + "]");
    Path one = write("export/batch_1.json", record("last"));
    List<String> all = List.of("last", "r0", "r1");
    Path ingested = index("ingested");
    code(0, "ingest", ingested, folder.resolve("export"));
    assertEquals(all, ids(ingested));
    Path named = index("named");
    code(0, "ingest", named, list, one);
    assertEquals(all, ids(named));
    Path piped = index("piped");
    shell.input(Files.readString(list) + "\n" + Files.readString(one));
    code(0, "ingest", piped, "-");
    assertEquals(all, ids(piped));
    Path migrated = folder.resolve("migrated");
    code(0, MIGRATE, folder.resolve("export"), migrated, "-m", "cosine", "--verify");
    assertEquals(all, ids(migrated));
  }

  @Test
  void whatIsNotReadStopsOrCounts() throws IOException {
    write("export/a.jsonl", record("a"));
    write("export/b.json", "{\"w\":[{\"v\":{\"id\":\"v\",\"values\":[1,2]}}]}");
    write("export/README.md", "about");
    Path export = folder.resolve("export");
    Path migrated = folder.resolve("migrated");
    Shell.Result refused = code(2, MIGRATE, export, migrated, "-m", "cosine");
    assertTrue(refused.err().contains("b.json"), refused.err());
    assertTrue(refused.err().contains("--on-error skip"), refused.err());
    assertFalse(Files.exists(migrated));
    Shell.Result dry = code(2, MIGRATE, export, migrated, "-m", "cosine", "--dry-run");
    assertTrue(dry.err().contains("not read: ") && dry.err().contains("b.json"), dry.err());
    Shell.Result some =
        code(8, MIGRATE, export, migrated, "-m", "cosine", "--on-error", "skip", "-o", "json");
    assertTrue(some.out().contains("\"status\":\"partial\""), some.out());
    assertTrue(some.out().replace(" ", "").contains("\"unread\":[\""), some.out());
    assertEquals(List.of("a"), ids(migrated));
    Path ingested = index("ingested");
    assertTrue(code(2, "ingest", ingested, export).err().contains("b.json"));
    assertEquals(List.of(), ids(ingested));
    Shell.Result skipped = code(8, "ingest", ingested, export, "--on-error", "skip");
    assertTrue(skipped.err().contains("not read: "), skipped.err());
    assertTrue(skipped.err().contains("files that hold no records: README.md"), skipped.err());
    assertEquals(List.of("a"), ids(ingested));
  }

  @Test
  void rowNumbersRunOnOverFiles() throws IOException {
    Path second = npy("pair/a10.npy", 3);
    Path first = npy("pair/a2.npy", 3);
    List<String> all = List.of("0", "1", "2", "3", "4", "5");
    Path migrated = folder.resolve("migrated");
    code(0, MIGRATE, folder.resolve("pair"), migrated, "-m", "euclidean", "--verify");
    assertEquals(all, ids(migrated));
    Path ingested = index("ingested");
    code(0, "ingest", ingested, folder.resolve("pair"));
    assertEquals(all, ids(ingested));
    Path named = index("named");
    code(0, "ingest", named, first, second, "--id-prefix", "v");
    assertEquals(List.of("v0", "v1", "v2", "v3", "v4", "v5"), ids(named));
    assertEquals(2, shell.run("ingest", index("m"), first, second, "--metadata", first).code());
  }

  @Test
  void numbersThatAreTakenAreRefused() throws IOException {
    Path a = npy("a.npy", 3);
    Path b = npy("b.npy", 3);
    for (String bulk : List.of("--bulk", "--no-bulk")) {
      Path index = index("i" + bulk);
      code(0, "ingest", index, a, bulk);
      Shell.Result refused = code(4, "ingest", index, b, bulk);
      assertTrue(refused.err().contains("the id '0'"), refused.err());
      assertTrue(refused.err().contains("--number-from 3"), refused.err());
      code(4, "ingest", index, b, bulk, "--dry-run");
      code(4, "ingest", index, b, npy("c.npy", 1));
      code(4, MIGRATE, b, index);
      code(4, MIGRATE, b, index, "--dry-run");
      assertEquals(3, ids(index).size());
      code(0, "flush", index);
      code(4, "ingest", index, b, bulk);
      code(0, "ingest", index, b, bulk, "--number-from", 3);
      code(0, "ingest", index, b, bulk, "--id-prefix", "b-");
      code(4, "ingest", index, b, bulk, "--id-prefix", "b-");
      code(0, MIGRATE, b, index, "--number-from", 6);
      assertEquals(12, ids(index).size());
      // Who says the number means the records that are there.
      code(0, "ingest", index, b, bulk, "--number-from", 0);
      assertEquals(12, ids(index).size());
      // A deleted record is in no one else's way.
      shell.ok("delete", index, "--ids", "0,1,2");
      code(0, "ingest", index, b, bulk);
    }
    Path lines = write("lines.jsonl", record("x"));
    Path other = index("other");
    assertEquals(2, shell.run("ingest", other, lines, "--number-from", 3).code());
    assertEquals(2, shell.run("ingest", other, a, "--number-from", -1).code());
    assertEquals(2, shell.run(MIGRATE, lines, other, "--id-prefix", "p").code());
  }

  @Test
  void partitionsAreDecoded() throws IOException {
    write("hive/namespace=c%200/cat=c0/0.jsonl", record("a"));
    write("hive/namespace=c%200/cat=c1/0.jsonl", record("b"));
    Path migrated = folder.resolve("migrated");
    code(0, MIGRATE, folder.resolve("hive"), migrated, "-m", "cosine", "--verify");
    String fetched =
        shell.ok("fetch", migrated, "--namespace", "c 0", "--ids", "a,b", "-o", "json");
    assertTrue(fetched.contains("c0") && fetched.contains("c1"), fetched);
    Path ingested = index("ingested");
    Path file = folder.resolve("hive/namespace=c%200/cat=c0/0.jsonl");
    code(8, "ingest", ingested, file);
    code(0, "ingest", ingested, file, "--namespace", "c 0");
    assertTrue(
        shell
            .ok("fetch", ingested, "--namespace", "c 0", "--ids", "a", "-o", "json")
            .contains("c0"));
  }

  @Test
  void removedRowsOfATableStayOut() throws IOException {
    Path source = write("source.jsonl", record("a") + "\n" + record("b"));
    Path first = index("first");
    code(0, "ingest", first, source, "--flush");
    code(0, "export", first, "--format", "parquet", "--out", folder.resolve("table"));
    Path part;
    try (var files = Files.walk(folder.resolve("table"))) {
      part = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
    Files.copy(part, folder.resolve("table/part-1.parquet"));
    Files.writeString(folder.resolve("source.jsonl"), record("c"));
    Path second = index("second");
    code(0, "ingest", second, source, "--flush");
    code(0, "export", second, "--format", "parquet", "--out", folder.resolve("live"));
    try (var files = Files.walk(folder.resolve("live"))) {
      part = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
    Files.copy(part, folder.resolve("table/part-2.parquet"));
    write(
        "table/_delta_log/00000000000000000000.json", "{\"add\":{\"path\":\"part-1.parquet\"}}\n");
    write(
        "table/_delta_log/00000000000000000001.json",
        "{\"remove\":{\"path\":\"part-1.parquet\"}}\n{\"add\":{\"path\":\"part-2.parquet\"}}\n");
    Path migrated = folder.resolve("migrated");
    code(0, MIGRATE, folder.resolve("table"), migrated, "-m", "cosine");
    assertEquals(List.of("c"), ids(migrated));
    Path ingested = index("ingested");
    code(0, "ingest", ingested, folder.resolve("table"));
    assertEquals(List.of("c"), ids(ingested));
    Files.createDirectories(folder.resolve("table/metadata"));
    write("table/metadata/v1.metadata.json", "{}");
    Shell.Result iceberg = code(2, "ingest", ingested, folder.resolve("table"));
    assertTrue(iceberg.err().contains("an Iceberg table"), iceberg.err());
  }

  @Test
  void aLoopOfLinksGivesOneCopy() throws IOException {
    write("loop/a.jsonl", record("a"));
    Files.createSymbolicLink(folder.resolve("loop/self"), Path.of("."));
    Path migrated = folder.resolve("migrated");
    code(0, MIGRATE, folder.resolve("loop"), migrated, "-m", "cosine");
    assertEquals(List.of("a"), ids(migrated));
    assertEquals(1, shell.ok("namespace", "list", migrated, "-o", "tsv").lines().skip(1).count());
    code(0, "ingest", index("ingested"), folder.resolve("loop"));
    Files.createSymbolicLink(folder.resolve("loop/b.jsonl"), Path.of("gone"));
    Shell.Result refused = code(2, "ingest", folder.resolve("ingested"), folder.resolve("loop"));
    assertTrue(refused.err().contains("b.jsonl is a link to something"), refused.err());
  }
}
