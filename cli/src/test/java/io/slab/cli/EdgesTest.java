package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where people and programs meet at an edge: terminals, pipes, empty words, other namespaces. */
class EdgesTest {
  @TempDir Path folder;
  private final Shell shell = new Shell();
  private Path index;

  @BeforeEach
  void make() {
    index = folder.resolve("i");
    shell.ok("create", index, "-d", 2);
  }

  private void put(String namespace, String id) {
    String record = "{\"id\":\"" + id + "\",\"values\":[1,2],\"metadata\":{\"t\":\"" + id + "\"}}";
    shell.input(record).ok("ingest", index, "-", "-n", namespace);
  }

  @Test
  void nothingOfTheDataDrivesATerminal() {
    put("__default__", "x\\u001b[31m\\u0007\\u009b1m\\u202ey\\u007f");
    String hostile = "(?s).*(\u001b\\[31m|[\u0007\u009b\u202e\u007f]).*";
    for (String form : List.of("tsv", "csv", "json", "ndjson", "table", "line")) {
      for (List<Object> words :
          List.<List<Object>>of(
              List.of("query", index, "-v", "[1,2]", "--include-metadata", "-o", form),
              List.of("list", index, "-o", form))) {
        String raw = shell.ok(words.toArray());
        String shown = new Shell().with("SLAB_FORCE_TTY", "100").ok(words.toArray());
        assertFalse(shown.matches(hostile), form + "\n" + shown);
        // Programs get the data as they are.
        boolean cleaned = form.equals("table") || form.equals("line");
        assertEquals(!cleaned, raw.contains("\u202e"), form + "\n" + raw);
        if (form.equals("json")) {
          assertTrue(shown.contains("\\u009b1m\\u202ey"), shown);
        }
        if (form.equals("tsv")) {
          assertTrue(shown.contains("x\\u001b[31m\\u0007"), shown);
        }
      }
    }
  }

  @Test
  void whoLeavesAPipedShellWaitsForNoMore() throws IOException {
    try (PipedOutputStream writer = new PipedOutputStream();
        PipedInputStream reader = new PipedInputStream(writer)) {
      writer.write("stats\n.exit\n".getBytes(StandardCharsets.UTF_8));
      writer.flush();
      int code =
          assertTimeoutPreemptively(
              Duration.ofSeconds(20),
              () ->
                  Main.run(
                      new String[] {"shell", index.toString()},
                      reader,
                      new ByteArrayOutputStream(),
                      new ByteArrayOutputStream(),
                      Map.of("SLAB_PROGRESS", "none")));
      assertEquals(0, code);
    }
  }

  @Test
  void aSchemaHasNoEmptyName() {
    for (String schema : List.of("", "a,,b", " ")) {
      Shell.Result refused = shell.run("create", folder.resolve("s"), "-d", 2, "--schema", schema);
      assertEquals(2, refused.code(), schema);
      assertTrue(refused.err().contains("leave out --schema"), refused.err());
    }
    assertFalse(Files.exists(folder.resolve("s")));
  }

  @Test
  void anEmptyDefaultNamespaceNamesThoseWithRecords() {
    List<List<Object>> asks =
        List.of(
            List.of("query", index, "-v", "[1,2]"),
            List.of("query", index, "-v", "[1,2]", "--prefix", "a"),
            List.of("fetch", index, "--ids", "a"),
            List.of("fetch", index, "-f", "{\"t\":\"a\"}"),
            List.of("list", index),
            List.of("delete", index, "--ids", "a"));
    for (List<Object> ask : asks) {
      assertFalse(shell.run(ask.toArray()).err().contains("namespace has no records"), "" + ask);
    }
    put("books", "a");
    put("films", "b");
    shell.ok("namespace", "create", index, "-n", "empty");
    for (List<Object> ask : asks) {
      Shell.Result result = shell.run(ask.toArray());
      assertEquals(0, result.code(), result.err());
      assertTrue(result.err().contains("are in 'books', 'films': --namespace"), result.err());
    }
    String json = shell.ok("query", index, "-v", "[1,2]", "--json");
    assertTrue(json.contains("the default namespace has no records"), json);
    put("__default__", "c");
    String none = shell.run("fetch", index, "--ids", "a").err();
    assertFalse(none.contains("namespace has no records"), none);
  }

  @Test
  void tablesWithoutIdsAreNumberedAndReplaceNothing() throws IOException {
    Path table =
        Files.writeString(
            folder.resolve("t.csv"), ",text,embedding\n0,x,\"[1,2]\"\n1,y,\"[3,4]\"\n");
    assertTrue(shell.run("ingest", index, table).err().contains("--number-rows"));
    shell.ok("ingest", index, table, "--number-rows", "--id-prefix", "c-");
    assertEquals("id\nc-0\nc-1\n", shell.ok("list", index));
    Shell.Result again = shell.run("ingest", index, table, "--number-rows", "--id-prefix", "c-");
    assertEquals(4, again.code());
    assertTrue(again.err().contains("--number-from 2"), again.err());
    shell.ok("ingest", index, table, "--number-rows", "--id-prefix", "c-", "--number-from", 2);
    assertEquals("id\nc-0\nc-1\nc-2\nc-3\n", shell.ok("list", index));
    Path own = Files.writeString(folder.resolve("o.csv"), "id,values\na,\"[1,2]\"\n");
    assertEquals(2, shell.run("ingest", index, own, "--number-rows").code());
    shell.input(Files.readString(table)).ok("ingest", index, "-", "--number-rows");
    assertTrue(shell.ok("list", index).startsWith("id\n0\n1\nc-0\n"));
    shell.ok(
        "migrate-from-pod-export",
        table,
        folder.resolve("m"),
        "--number-rows",
        "-m",
        "cosine",
        "--verify");
    assertEquals("id\n0\n1\n", shell.ok("list", folder.resolve("m")));
    shell.ok("verify", index);
    shell.ok("verify", folder.resolve("m"));
  }

  @Test
  void gcEndsWhatAnInterruptedCopyLeft() throws IOException {
    Path copy = folder.resolve("copy");
    Path slabs = Files.createDirectories(copy.resolve("ns/books/slabs"));
    Path left = Files.writeString(slabs.resolve(".tmp-x.slab"), "half");
    assertTrue(shell.ok("gc", copy, "--json").contains("\"count\":0"));
    Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    assertTrue(shell.ok("gc", copy, "--dry-run", "--json").contains("an interrupted copy"));
    assertTrue(Files.exists(left));
    Shell.Result result = shell.run("gc", copy);
    assertEquals(0, result.code(), result.err());
    assertTrue(result.err().contains("a copy to it was interrupted"), result.err());
    assertFalse(Files.exists(left));
    assertEquals(3, shell.run("gc", folder.resolve("nothing")).code());
    assertEquals(3, shell.run("gc", Files.createDirectory(folder.resolve("empty"))).code());
  }

  /** By the next one, a day later: what is younger may be at work. */
  @Test
  void killedExportsLeaveNothingForEver() throws IOException {
    put("__default__", "a");
    String name = "-0b1e7e53-1c1f-4a8e-9a39-5f0a6f1e2d3c";
    Path file = Files.writeString(folder.resolve(".slab" + name + ".tmp"), "half");
    Path inside =
        Files.writeString(
            Files.createDirectory(folder.resolve(".slab-export" + name)).resolve("a.jsonl"), "x");
    Path other = Files.writeString(folder.resolve(".slab-notes.tmp"), "mine");
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
    for (Path each : List.of(file, inside, inside.getParent(), other)) {
      Files.setLastModifiedTime(each, old);
    }
    FileTime young = FileTime.from(Instant.now().minus(Duration.ofHours(23)));
    Files.setLastModifiedTime(inside, young);
    shell.ok("export", index, "--out", folder.resolve("o.jsonl"));
    assertFalse(Files.exists(file));
    assertTrue(Files.exists(inside) && Files.exists(other));
    Files.setLastModifiedTime(inside, old);
    shell.ok("export", index, "--format", "parquet", "--out", folder.resolve("o"));
    assertFalse(Files.exists(inside.getParent()));
    assertTrue(Files.exists(other));
  }
}
