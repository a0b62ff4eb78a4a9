package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder, a pipe or a lost link under the name of an object, as every verb meets it. */
class MisplacedIT {
  @TempDir Path folder;
  private final Shell shell = new Shell();
  private String index;
  private Path namespace;

  @BeforeEach
  void fill() {
    index = folder.resolve("i").toString();
    namespace = folder.resolve("i/ns/__default__");
    shell.ok("create", index, "-d", 2, "-m", "euclidean");
    ingest(0, "--flush");
    ingest(1, "--flush");
    ingest(2);
  }

  private String record(int id) {
    return "{\"id\":\"r" + id + "\",\"values\":[" + id + ",1]}\n";
  }

  private void ingest(int id, Object... more) {
    shell.input(record(id)).ok(words(new Object[] {"ingest", index, "-", "-q"}, more));
    shell.input("");
  }

  private static Object[] words(Object[] first, Object... more) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toArray();
  }

  private Path last(String in, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("i").resolve(in))) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList().getLast();
    }
  }

  /** The name after the last one of a folder. */
  private Path next(String in, String suffix) throws IOException {
    Path last = last(in, suffix);
    long number = Long.parseLong(last.getFileName().toString().substring(0, 20)) + 1;
    return last.resolveSibling("%020d%s".formatted(number, suffix));
  }

  private interface Thing {
    void put(Path path) throws Exception;
  }

  private static final List<Thing> THINGS =
      List.of(
          Files::createDirectory,
          path -> Files.createFile(Files.createDirectory(path).resolve("inside")),
          path -> assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).start().waitFor()),
          path -> Files.createSymbolicLink(path, path.resolveSibling("gone")));

  /** Runs a verb that must fail definitely and name what stands there. */
  private void refused(Path path, Object... words) {
    Shell.Result result = shell.run(words);
    String said = result.err() + result.out();
    assertTrue(result.code() == 1 || result.code() == 6, result.code() + ": " + said);
    assertTrue(said.contains(path.getFileName().toString()), said);
    assertTrue(said.contains("away"), said);
    assertTrue(Files.exists(path, LinkOption.NOFOLLOW_LINKS), said);
  }

  private void verified(Path path) {
    Shell.Result result = shell.run("verify", index);
    assertEquals(6, result.code(), result.err() + result.out());
    String name = folder.resolve("i").relativize(path).toString();
    assertTrue(result.out().contains(name), result.out());
    assertTrue(result.out().contains("away") || result.out().contains("lead"), result.out());
  }

  private void remove(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(path.resolve("inside"));
    }
    Files.delete(path);
  }

  @Test
  void inTheNextSlotOfTheLog() throws Exception {
    for (Thing thing : THINGS) {
      Path path = next("ns/__default__/wal", ".wal");
      thing.put(path);
      shell.input(record(3));
      refused(path, "ingest", index, "-", "-q");
      shell.input("");
      refused(path, "flush", index);
      refused(path, "gc", index, "--min-age", "0", "-y");
      refused(path, "query", index, "-v", "[1,1]");
      refused(path, "copy", index, folder.resolve("copy").toString());
      verified(path);
      remove(path);
    }
    assertEquals(0, shell.run("verify", index).code());
    ingest(3, "--flush");
    shell.ok("gc", index, "--min-age", "0", "-y");
  }

  @Test
  void inTheNextSlotOfTheManifests() throws Exception {
    for (Thing thing : THINGS) {
      Path path = next("ns/__default__/manifest", ".json");
      thing.put(path);
      refused(path, "flush", index);
      refused(path, "compact", index);
      refused(path, "gc", index, "--min-age", "0", "-y");
      verified(path);
      remove(path);
    }
    shell.ok("flush", index);
  }

  @Test
  void inTheNextSlotOfTheSettings() throws Exception {
    Files.createDirectories(folder.resolve("i/config"));
    Path path = folder.resolve("i/config/00000000000000000001.json");
    for (Thing thing : THINGS) {
      thing.put(path);
      refused(path, "drop", index, "--confirm", "i");
      refused(path, "drop", index, "--confirm", "i", "--now");
      verified(path);
      remove(path);
    }
    shell.ok("drop", index, "--confirm", "i");
  }

  @Test
  void inPlaceOfAnObjectThatIsNamed() throws Exception {
    for (String in : List.of("slabs", "manifest", "wal")) {
      String suffix = in.equals("slabs") ? ".slab" : in.equals("wal") ? ".wal" : ".json";
      Path path = last("ns/__default__/" + in, suffix);
      Path away = folder.resolve("away");
      Files.move(path, away);
      Files.createDirectory(path);
      refused(path, "query", index, "-v", "[1,1]");
      verified(path);
      Shell.Result gc = shell.run("gc", index, "--min-age", "0", "-y");
      assertEquals(6, gc.code(), gc.err());
      assertTrue(Files.isDirectory(path));
      Files.delete(path);
      Files.move(away, path);
      shell.ok("query", index, "-v", "[1,1]");
    }
    assertEquals(0, shell.run("verify", index).code());
  }

  @Test
  void anUnnamedSlabOfThatKindStaysAndTheRestGoes() throws Exception {
    shell.ok("flush", index);
    shell.ok("compact", index, "--full");
    Path path = namespace.resolve("slabs/01J00000000000000000000000.slab");
    Files.createDirectories(path.resolve("inside"));
    ingest(4, "--flush");
    Shell.Result gc = shell.run("gc", index, "--min-age", "0", "-y", "--keep-manifests", 1);
    assertEquals(8, gc.code(), gc.err());
    assertTrue(gc.err().contains("it stays"), gc.err());
    assertTrue(Files.isDirectory(path.resolve("inside")));
    verified(path);
    Shell.Result again = shell.run("gc", index, "--min-age", "0", "-y", "--keep-manifests", 1);
    assertEquals(8, again.code(), again.err());
    Files.delete(path.resolve("inside"));
    Files.delete(path);
    shell.ok("gc", index, "--min-age", "0", "-y");
  }

  @Test
  void aDropLeavesWhatIsNoObject() throws Exception {
    Path path = next("ns/__default__/wal", ".wal");
    Files.createFile(Files.createDirectory(path).resolve("inside"));
    Shell.Result drop = shell.run("drop", index, "--confirm", "i", "--now");
    assertEquals(0, drop.code(), drop.err());
    assertTrue(Files.exists(path.resolve("inside")));
    assertFalse(Files.exists(folder.resolve("i/index.json")));
    assertTrue(drop.err().contains(path.getFileName().toString()), drop.err());
  }

  private Path lastSettings() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("i/config"))) {
      return files
          .filter(file -> file.toString().matches(".*/\\d{20}.json"))
          .sorted()
          .toList()
          .getLast();
    }
  }

  /** Names that the format leaves to others (spec/registry.md). */
  @Test
  void filesOfOtherProgramsAreLeftAlone() throws IOException {
    List<String> names =
        List.of(
            "x-acme/note",
            "config/x-acme.json",
            "ns/x-acme/wal/x",
            "ns/__default__/x-acme.bin",
            "ns/__default__/slabs/x-acme.slab",
            "ns/__default__/wal/x-acme.wal");
    for (String name : names) {
      Path file = folder.resolve("i").resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "theirs");
    }
    Shell.Result verify = shell.run("verify", index);
    assertEquals(0, verify.code(), verify.out());
    shell.ok("flush", index);
    shell.ok("gc", index, "--min-age", "0", "-y");
    Path copy = folder.resolve("copy");
    for (String protection : List.of("enabled", "disabled")) {
      shell.ok("configure", index, "--deletion-protection", protection);
      shell.ok("copy", index, copy);
      String settings = folder.resolve("i").relativize(lastSettings()).toString();
      assertTrue(
          Files.readString(copy.resolve(settings))
              .contains("\"deletionProtected\":" + protection.equals("enabled")));
    }
    for (String name : names) {
      assertFalse(Files.exists(copy.resolve(name)), name);
      assertEquals("theirs", Files.readString(folder.resolve("i").resolve(name)), name);
    }
    shell.ok("drop", index, "--confirm", "i", "--now");
    for (String name : List.of("x-acme/note", "config/x-acme.json", "ns/__default__/x-acme.bin")) {
      assertEquals("theirs", Files.readString(folder.resolve("i").resolve(name)), name);
    }
  }

  @Test
  void atTheTargetOfACopy() throws Exception {
    Path copy = folder.resolve("copy");
    shell.ok("copy", index, copy.toString());
    ingest(5);
    Path path = copy.resolve(folder.resolve("i").relativize(last("ns/__default__/wal", ".wal")));
    for (Thing thing : THINGS) {
      thing.put(path);
      refused(path, "copy", index, copy.toString());
      remove(path);
    }
    shell.ok("copy", index, copy.toString());
  }

  @Test
  void aFileInPlaceOfAFolder() throws Exception {
    for (String in : List.of("wal", "manifest", "slabs")) {
      Path path = namespace.resolve(in);
      Path away = folder.resolve("away");
      Files.move(path, away);
      Files.createFile(path);
      shell.input(record(6));
      refused(path, "ingest", index, "-", "-q", "--flush");
      shell.input("");
      refused(path, "gc", index, "--min-age", "0", "-y");
      verified(path);
      Files.delete(path);
      Files.move(away, path);
    }
    assertEquals(0, shell.run("verify", index).code());
    Path other = Files.createFile(folder.resolve("i/ns/other"));
    Shell.Result verify = shell.run("verify", index);
    assertTrue(verify.out().contains("ns/other"), verify.out());
    Files.delete(other);
  }
}
