package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repair of one namespace by its name. */
class RepairNamespaceTest {
  @TempDir Path folder;
  private final Shell shell = new Shell();

  @Test
  void aNamespaceThatIsNotThereIsNotWhole() {
    String index = folder.resolve("books").toString();
    shell.ok("create", index, "--dimension", 2);
    shell.ok("namespace", "create", index, "--namespace", "two");
    shell.ok("namespace", "create", index, "--namespace", "__default__");
    shell.ok("repair", index, "--namespace", "two");
    shell.ok("repair", index, "--namespace", "__default__");
    Shell.Result none = shell.run("repair", index, "--namespace", "tow", "--apply");
    assertEquals(3, none.code());
    assertTrue(none.err().contains("there is no namespace 'tow'"), none.err());
  }

  /** The first namespace could be mended; of the second a delete may be lost. */
  @Test
  void aNamespaceThatIsRefusedKeepsTheOthersUnchanged() throws IOException {
    String index = folder.resolve("books").toString();
    shell.ok("create", index, "--dimension", 2);
    Path rows = folder.resolve("rows.jsonl");
    for (String namespace : List.of("aa", "bb")) {
      for (String id : List.of("a", "b", "c")) {
        Files.writeString(rows, "{\"id\":\"" + id + "\",\"values\":[1,2]}\n");
        shell.ok("ingest", index, rows, "--namespace", namespace);
      }
    }
    damage(folder.resolve("books/ns/aa/wal/00000000000000000003.wal"), 120);
    damage(folder.resolve("books/ns/bb/wal/00000000000000000002.wal"), 100);
    assertEquals(4, shell.run("repair", index, "--apply").code());
    assertEquals(1, folder.resolve("books/ns/aa/manifest").toFile().list().length);
    shell.run("repair", index, "--apply", "--may-resurrect");
    shell.ok("verify", index);
    shell.ok("repair", index);
  }

  private static void damage(Path file, int at) throws IOException {
    byte[] content = Files.readAllBytes(file);
    content[at] ^= 0x55;
    Files.write(file, content);
  }

  /** A time that long would end before it begins, in a manifest that no reader accepts. */
  @Test
  void aCheckpointForEverAndADayIsRefused() {
    String index = folder.resolve("books").toString();
    shell.ok("create", index, "--dimension", 2);
    shell.ok("namespace", "create", index, "--namespace", "two");
    Shell.Result refused =
        shell.run("checkpoint", "create", index, "c", "--expires", "106751991167d");
    assertEquals(2, refused.code());
    shell.ok("stats", index);
  }
}
