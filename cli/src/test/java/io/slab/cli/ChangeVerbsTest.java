package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Verbs that change records and namespaces: what they say, when they ask, and what they refuse. */
class ChangeVerbsTest extends BooksFixture {
  @Test
  void aNullInAnUpdateIsRefusedOrLeftOutAndCounted() {
    String index = folder.resolve("nulls").toString();
    shell.ok("create", index, "-d", 1, "-m", "euclidean");
    shell
        .input("{\"id\":\"a\",\"values\":[1],\"metadata\":{\"x\":1,\"y\":2}}")
        .ok("ingest", index, "-");
    Object[] update = {
      "update", index, "--id", "a", "--metadata", "{\"x\":null,\"y\":3,\"l\":[\"p\",null]}", "-j"
    };
    Shell.Result refused = shell.run(update);
    assertEquals(2, refused.code(), refused.err());
    assertTrue(refused.err().contains("got 'null' for field 'x'"), refused.err());
    Object[] lenient = Arrays.copyOf(update, update.length + 2);
    lenient[update.length] = "--nulls";
    lenient[update.length + 1] = "drop";
    Shell.Result dropped = shell.run(lenient);
    assertEquals(0, dropped.code(), dropped.err());
    assertTrue(dropped.out().contains("null_dropped"), dropped.out());
    assertTrue(dropped.out().contains("null_element_dropped"), dropped.out());
    assertTrue(dropped.err().contains("found 1 metadata values that were null"), dropped.err());
    String now = shell.ok("export", index);
    assertTrue(now.contains("{\"l\":[\"p\"],\"x\":1,\"y\":3}"), now);
  }

  @Test
  void updateMergesAndIsSeenAtOnce() {
    Shell.Result updated =
        shell.run(
            "update",
            index,
            "--id",
            "a",
            "--metadata",
            "{\"good\":false,\"new\":1}",
            "--fields",
            "matchedCount,updatedCount",
            "-j");
    assertEquals("{\n  \"matchedCount\": 1,\n  \"updatedCount\": 1\n}\n", updated.out());
    assertEquals(
        "id\tmetadata\na\t{\"genre\":\"poetry\",\"good\":false,\"new\":1,\"tags\":[\"war\",\"love\"],\"year\":1922}\n",
        shell.ok("fetch", index, "--id", "a", "--no-include-values"));
    assertEquals(3, shell.run("update", index, "--id", "zz", "--metadata", "{}").code());
    assertEquals(2, shell.run("update", index, "--id", "a", "--values", "[0,0]").code());
  }

  @Test
  void updateByFilterAsksFirst() {
    String filter = "{\"genre\":\"poetry\"}";
    assertEquals(2, shell.run("update", index, "-f", filter, "--metadata", "{\"p\":1}").code());
    shell.ok("update", index, "-f", filter, "--metadata", "{\"p\":1}", "--yes");
    assertTrue(
        shell
            .ok("stats", index, "-f", "{\"p\":1}", "--fields", "totalVectorCount")
            .endsWith("\t3\n"));
  }

  @Test
  void deleteByIdPrefixFilterAndAll() {
    shell.ok("delete", index, "--ids", "[\"a\",\"zz\"]");
    assertEquals("id\nb\nc\nd\ne\n", shell.ok("list", index));
    assertEquals(2, shell.run("delete", index, "--prefix", "b").code());
    shell.ok("delete", index, "--prefix", "b", "-y");
    assertEquals("id\nc\nd\ne\n", shell.ok("list", index));
    Shell.Result plan = shell.run("delete", index, "-f", "{\"genre\":\"poetry\"}", "--dry-run");
    assertEquals("dry run: would delete 2 records of __default__\n", plan.err());
    shell.ok("delete", index, "-f", "{\"genre\":\"poetry\"}", "-y");
    assertEquals("id\nd\n", shell.ok("list", index));
    assertEquals(2, shell.run("delete", index, "--all-vectors", "--yes").code());
    assertEquals(2, shell.run("delete", index, "--all-vectors", "--confirm", "other").code());
    shell.ok("delete", index, "--all-vectors", "--confirm", "__default__");
    assertEquals("id\n", shell.ok("list", index));
  }

  @Test
  void aTerminalIsAsked() {
    shell.with("SLAB_FORCE_TTY", "80").with("NO_COLOR", "1");
    Shell.Result no = shell.input("n\n").run("delete", index, "--prefix", "a");
    assertEquals(1, no.code());
    assertEquals("This deletes 1 record. Go ahead? [y/N] nothing was changed\n", no.err());
    assertEquals(0, shell.input("y\n").run("delete", index, "--prefix", "a").code());
    Shell.Result never = shell.input("y\n").run("delete", index, "--prefix", "b", "--no-input");
    assertEquals(2, never.code());
  }

  @Test
  void emptyFiltersNeverMeetEverything() {
    assertEquals(2, shell.run("delete", index, "-f", "{}", "-y").code());
    assertEquals(2, shell.run("update", index, "-f", "{}", "--metadata", "{\"a\":1}", "-y").code());
  }

  @Test
  void namespacesAreApart() {
    shell.input("{\"id\":\"x\",\"values\":[1,0]}").ok("ingest", index, "-", "-n", "Zwei/2");
    assertEquals(
        "name\trecordCount\tunflushed\nZwei/2\t1\t1\n__default__\t5\t1\n",
        shell.ok("namespace", "list", index, "--fields", "name,recordCount,unflushed"));
    assertEquals("id\nx\n", shell.ok("list", index, "-n", "Zwei/2"));
    assertEquals(3, shell.run("list", index, "-n", "drei").code());
    shell.ok("namespace", "create", index, "--name", "drei");
    assertEquals(4, shell.run("namespace", "create", index, "--name", "drei").code());
    shell.ok("namespace", "delete", index, "--name", "Zwei/2", "--confirm", "Zwei/2");
    assertEquals(
        "name\n__default__\ndrei\n", shell.ok("namespace", "list", index, "--fields", "name"));
  }

  @Test
  void deletionProtectionHolds() {
    shell.ok("configure", index, "--deletion-protection", "enabled");
    Shell.Result refused = shell.run("drop", index, "--confirm", "books");
    assertEquals(4, refused.code());
    assertEquals(
        "error: deletion protection is enabled for books\n  hint: switch it off with `slab configure "
            + index
            + " --deletion-protection disabled`\n",
        refused.err());
    shell.ok("configure", index, "--deletion-protection", "disabled");
    assertEquals(2, shell.run("drop", index, "--confirm", "book").code());
    shell.ok("drop", index, "--confirm", "books");
    assertEquals(3, shell.run("describe", index).code());
  }

  @Test
  void aDropIsUndoneUntilGcOrNowDeletesTheFiles() {
    String before = shell.ok("list", index);
    shell.ok("drop", index, "--confirm", "books");
    for (String verb : List.of("stats", "list", "flush", "compact", "describe", "explain")) {
      Shell.Result gone = shell.run(verb, index);
      assertEquals(3, gone.code(), verb);
      assertTrue(gone.err().contains("drop " + index + " --undo"), gone.err());
    }
    assertEquals(3, shell.run("copy", index, folder.resolve("copy")).code());
    assertEquals(4, shell.run("create", index, "-d", "2").code());
    assertEquals(3, shell.run("create", index, "-d", "2", "--if-not-exists").code());
    shell.ok("gc", index);
    shell.ok("gc", index, "--dry-run", "--min-age", "0");
    shell.ok("drop", index, "--undo");
    assertEquals(before, shell.ok("list", index));
    assertEquals(4, shell.run("drop", index, "--undo").code());
    shell.ok("drop", index, "--confirm", "books");
    assertEquals(4, shell.run("gc", index, "--namespace", "x", "--min-age", "0", "-y").code());
    shell.ok("gc", index, "--min-age", "0", "--yes");
    assertEquals(3, shell.run("drop", index, "--undo").code());
    // A seal and a manifest stay in each namespace, and the settings, for writers that are open.
    assertEquals(List.of("config", "ns"), names(Path.of(index)));
    assertEquals(
        List.of("manifest", "wal"), names(Path.of(index).resolve("ns").resolve("__default__")));
    shell.ok("create", index, "-d", "2", "--name", "books");
    assertEquals(2, shell.run("drop", index, "--now").code());
    assertEquals(2, shell.run("drop", index, "--now", "--undo").code());
    shell.ok("drop", index, "--now", "--confirm", "books");
    assertEquals(3, shell.run("describe", index).code());
    assertFalse(Files.exists(Path.of(index, "index.json")));
  }

  @Test
  void aNamespaceWithoutManifestsIsMissingForEveryVerb() throws IOException {
    shell.ok("flush", index);
    Path manifests = Path.of(index).resolve("ns").resolve("__default__").resolve("manifest");
    for (String name : names(manifests)) {
      Files.delete(manifests.resolve(name));
    }
    List<String> slabs = names(manifests.resolveSibling("slabs"));
    for (List<String> words :
        List.of(
            List.of("list", index),
            List.of("stats", index),
            List.of("query", index, "--vector", "[1,0]"),
            List.of("export", index, "--out", folder.resolve("x.jsonl").toString()),
            List.of("copy", index, folder.resolve("copy").toString()),
            List.of("namespace", "list", index),
            List.of("delete", index, "--ids", "a", "--yes"),
            List.of("compact", index),
            List.of("flush", index),
            List.of("verify", index),
            List.of("gc", index, "--min-age", "0", "--yes"))) {
      assertEquals(6, shell.run(words.toArray()).code(), words.toString());
    }
    shell.input("{\"id\":\"n\",\"values\":[1,0]}\n");
    assertEquals(6, shell.run("ingest", index, "-").code());
    assertEquals(slabs, names(manifests.resolveSibling("slabs")));
    // A user who wants no more of it can still be rid of it.
    shell.ok("drop", index, "--now", "--confirm", "books");
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void dryRunsChangeNothing() {
    String before = shell.ok("inspect", index);
    shell.input("{\"id\":\"n\",\"values\":[1,0]}\n");
    shell.ok("ingest", index, "-", "--dry-run");
    shell.ok("update", index, "--id", "a", "--metadata", "{\"x\":1}", "--dry-run");
    shell.ok("delete", index, "--all-vectors", "--dry-run");
    shell.ok("flush", index, "--dry-run");
    shell.ok("drop", index, "--dry-run");
    shell.ok("configure", index, "--deletion-protection", "enabled", "--dry-run");
    shell.ok("namespace", "create", index, "--name", "n", "--dry-run");
    shell.ok("namespace", "delete", index, "--name", "__default__", "--dry-run");
    shell.ok("create", folder.resolve("other"), "-d", 2, "--dry-run");
    assertEquals(before, shell.ok("inspect", index));
    assertFalse(Files.exists(folder.resolve("other")));
  }
}
