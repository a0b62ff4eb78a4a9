package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.testkit.index.LeavesDamage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints, earlier states and restore through the verbs. */
class StatesIT {
  private static final Pattern UNDO = Pattern.compile("\"undo\":\"slab ([^\"]*)\"");

  @TempDir Path folder;
  private final Shell shell = new Shell();
  private String index;

  @BeforeEach
  void fill() throws IOException {
    index = folder.resolve("books").toString();
    shell.ok("create", index, "--dimension", 2);
    ingest("__default__", 0, 5);
    ingest("two", 0, 2);
    shell.ok("checkpoint", "create", index, "good", "--expires", "30d");
    ingest("__default__", 3, 9);
  }

  private String ingest(String namespace, int from, int to) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = from; i < to; i++) {
      lines.add("{\"id\":\"r%d\",\"values\":[1,%d],\"metadata\":{\"to\":%d}}".formatted(i, i, to));
    }
    Path file = Files.writeString(folder.resolve("in.jsonl"), String.join("\n", lines) + "\n");
    return shell.ok("ingest", index, file, "--namespace", namespace, "--json");
  }

  private String ids(String... more) {
    return String.join(
        "",
        shell
            .ok("list", more.length > 1 ? more[1] : index, more.length > 0 ? more[0] : "--all")
            .lines()
            .skip(1)
            .toList());
  }

  @Test
  void everyReadingVerbReadsTheStateOfThen() {
    assertEquals("r0r1r2r3r4r5r6r7r8", ids());
    assertEquals("r0r1r2r3r4", ids("--as-of=good"));
    assertTrue(
        shell.ok("query", index, "--id", "r4", "--as-of", "good", "--json").contains("\"r3\""));
    assertEquals(3, shell.run("query", index, "--id", "r8", "--as-of", "good").code());
    assertTrue(shell.ok("fetch", index, "--ids", "r4", "--as-of", "good").contains("\"to\":5"));
    assertTrue(
        shell
            .ok("stats", index, "--as-of", "good", "--json")
            .contains("\"__default__\":{\"vectorCount\":5},\"two\":{\"vectorCount\":2}"));
    String exported = shell.ok("export", index, "--as-of", "good");
    assertEquals(5, exported.lines().count());
    String all = shell.ok("export", index, "--as-of", "good", "--all-namespaces");
    assertEquals(7, all.lines().count());
    Shell.Result gone = shell.run("list", index, "--as-of", "bad");
    assertEquals(3, gone.code());
    assertTrue(gone.err().contains("it has good"), gone.err());
    assertEquals(2, shell.run("list", index, "--as-of", "9x").code());
    assertEquals(3, shell.run("list", index, "--as-of", "manifest:99").code());
    assertEquals(4, shell.run("checkpoint", "create", index, "good").code());
    assertEquals(2, shell.run("checkpoint", "create", index, "9").code());
    assertEquals(2, shell.run("checkpoint", "create", index).code());
    assertEquals(3, shell.run("checkpoint", "show", index, "bad").code());
  }

  @Test
  void aRestoreAsksSaysWhatUndoesItAndIsUndone() {
    assertEquals(2, shell.run("restore", index, "good").code());
    assertEquals("r0r1r2r3r4r5r6r7r8", ids());
    String dry = shell.ok("restore", index, "good", "--dry-run", "--json");
    assertTrue(dry.contains("\"records\":5,\"recordsBefore\":9,\"manifest\":null"), dry);
    Matcher undo = UNDO.matcher(shell.ok("restore", index, "good", "--yes", "--json"));
    assertTrue(undo.find());
    assertEquals("r0r1r2r3r4", ids());
    assertTrue(shell.ok("log", index, "--json").contains("\"operation\":\"restore\""));
    shell.ok((Object[]) (undo.group(1) + " --yes").split(" "));
    assertEquals("r0r1r2r3r4r5r6r7r8", ids());
  }

  /** By the command that delete prints, and a namespace by its checkpoint. */
  @Test
  void whatWasDeletedComesBack() {
    Shell.Result deleted = shell.run("delete", index, "--all-vectors", "--confirm", "__default__");
    assertEquals("", ids());
    Matcher command = Pattern.compile("slab (restore .*)").matcher(deleted.err());
    assertTrue(command.find(), deleted.err());
    shell.ok((Object[]) (command.group(1) + " --yes").split(" "));
    assertEquals("r0r1r2r3r4r5r6r7r8", ids());
    shell.ok("namespace", "delete", index, "--name", "two", "--confirm", "two");
    shell.ok("gc", index, "--min-age", "0", "--yes");
    assertTrue(shell.ok("checkpoint", "list", index).contains("two"));
    shell.ok("restore", index, "good", "--namespace", "two", "--yes");
    assertTrue(shell.ok("namespace", "list", index).contains("two\t2"));
    shell.ok("restore", index, "good", "--all-namespaces", "--yes");
    assertEquals("r0r1r2r3r4", ids());
  }

  /** Nothing but the checkpoint names the slab any more. */
  @LeavesDamage
  @Test
  void verifyLooksAtWhatCheckpointsKeep() throws IOException {
    shell.ok("compact", index, "--full");
    shell.ok("gc", index, "--min-age", "0", "--yes");
    String before = shell.ok("verify", index, "--json");
    Path slabs = Path.of(index, "ns", "__default__", "slabs");
    try (Stream<Path> files = Files.list(slabs)) {
      Files.delete(files.sorted().findFirst().orElseThrow());
    }
    Shell.Result found = shell.run("verify", index, "--json");
    assertEquals(6, found.code(), before + found.out());
    assertEquals("r0r1r2r3r4r5r6r7r8", ids());
    assertEquals(3, shell.run("list", index, "--as-of", "good").code());
  }

  @Test
  void aCopyOfACheckpointIsBroughtUpToDateAndRestoredFrom() throws IOException {
    String backup = folder.resolve("backup").toString();
    shell.ok("copy", index, backup, "--as-of", "good");
    assertEquals("r0r1r2r3r4", ids("--all", backup));
    shell.ok("compact", index, "--full");
    shell.ok("checkpoint", "create", index, "better");
    shell.ok("gc", index, "--min-age", "0", "--yes");
    ingest("__default__", 20, 22);
    shell.ok("copy", index, backup, "--as-of", "better");
    assertEquals("r0r1r2r3r4r5r6r7r8", ids("--all", backup));
    shell.ok("restore", backup, "good", "--yes");
    assertEquals("r0r1r2r3r4", ids("--all", backup));
    shell.ok("verify", backup, "--level", "deep");
    shell.ok("checkpoint", "delete", index, "good", "--yes");
    assertEquals(3, shell.run("copy", index, folder.resolve("x"), "--as-of", "good").code());
    assertEquals(2, shell.run("copy", index, folder.resolve("x"), "--as-of", "2h").code());
  }
}
