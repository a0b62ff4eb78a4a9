package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.testkit.index.LeavesDamage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code slab erase} on a disk, and lists of checkpoints of which one is lost. */
class EraseVerbTest {
  private static final String WORD = "qpzmwoxneirutyalsk";

  @TempDir Path folder;
  private final Shell shell = new Shell();
  private Path index;

  @BeforeEach
  void twoRecords() {
    index = folder.resolve("index");
    shell.ok("create", index, "--dimension", "2");
    shell
        .input(
            "{\"id\":\"one-"
                + WORD
                + "\",\"values\":[1,2],\"metadata\":{\"text\":\""
                + WORD
                + "\"}}\n{\"id\":\"two\",\"values\":[3,2],\"metadata\":{\"text\":\"else\"}}\n")
        .ok("ingest", index, "-", "--flush");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> walk = Files.walk(index)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private boolean holds() throws IOException {
    for (Path file : files()) {
      if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(WORD)) {
        return true;
      }
    }
    return false;
  }

  /** As if so much time had passed. */
  private void pass(Duration time) throws IOException {
    for (Path file : files()) {
      FileTime before = Files.getLastModifiedTime(file);
      Files.setLastModifiedTime(file, FileTime.from(before.toInstant().minus(time)));
    }
  }

  @Test
  void theSecondCallLeavesNoByte() throws IOException {
    String id = "one-" + WORD;
    assertTrue(holds());
    assertEquals(2, shell.run("erase", index, "--ids", id).code());
    Shell.Result dry = shell.run("erase", index, "--ids", id, "--dry-run", "--json");
    assertEquals(0, dry.code(), dry.err());
    assertTrue(dry.out().contains("\"records\":1"), dry.out());
    Shell.Result first = shell.run("erase", index, "--ids", id, "--yes", "--json");
    assertEquals(8, first.code(), first.err());
    assertTrue(first.out().contains("\"finished\":false"), first.out());
    assertTrue(first.err().contains("next: the same command again, at "), first.err());
    assertTrue(Instant.now().isBefore(Instant.parse(next(first.out()))));
    pass(Duration.ofHours(25));
    Shell.Result second = shell.run("erase", index, "--ids", id, "--yes", "--json");
    assertEquals(0, second.code(), second.out());
    assertFalse(holds());
    assertTrue(shell.ok("list", index).contains("two"));
    shell.ok("verify", index);
  }

  private static String next(String json) {
    int from = json.indexOf("\"next\":\"") + 8;
    return json.substring(from, json.indexOf('"', from));
  }

  @Test
  void whatIsAskedForMustBeOneThing() {
    assertEquals(2, shell.run("erase", index, "--yes").code());
    assertEquals(2, shell.run("erase", index, "--ids", "a", "--filter", "{}", "--yes").code());
    assertEquals(2, shell.run("erase", index, "--filter", "{}", "--yes").code());
    assertEquals(3, shell.run("erase", index, "-n", "none", "--ids", "a", "--yes").code());
  }

  @Test
  @LeavesDamage
  void aCheckpointWithoutItsManifestHidesNoOther() throws IOException {
    shell.ok("checkpoint", "create", index, "lost");
    shell.ok("checkpoint", "create", index, "there");
    List<Path> manifests =
        files().stream().filter(file -> file.getParent().endsWith("manifest")).toList();
    Files.delete(manifests.get(manifests.size() - 2));
    Shell.Result list = shell.run("checkpoint", "list", index, "--json");
    assertEquals(0, list.code(), list.err());
    assertTrue(list.out().contains("\"name\":\"there\""), list.out());
    assertTrue(list.err().contains("'lost' cannot be read"), list.err());
  }

  @Test
  void damagedSettingsAreMended() throws IOException {
    shell.ok("configure", index, "--deletion-protection", "enabled");
    Path settings =
        files().stream()
            .filter(file -> file.getParent().endsWith("config"))
            .findAny()
            .orElseThrow();
    byte[] content = Files.readAllBytes(settings);
    content[40] ^= 1;
    Files.write(settings, content);
    assertEquals(6, shell.run("list", index).code());
    assertEquals(6, shell.run("repair", index).code());
    Shell.Result mended = shell.run("repair", index, "--apply");
    assertEquals(0, mended.code(), mended.err());
    assertTrue(mended.err().contains("protected"), mended.err());
    shell.ok("list", index);
    shell.ok("verify", index);
  }
}
