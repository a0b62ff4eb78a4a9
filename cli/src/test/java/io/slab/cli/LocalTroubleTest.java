package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders and files of an index that are links, cannot be looked at, or change while in use. */
class LocalTroubleTest {
  @TempDir Path folder;
  private final Shell shell = new Shell();
  private String index;
  private Path namespace;

  @BeforeEach
  void fill() {
    index = folder.resolve("i").toString();
    namespace = folder.resolve("i/ns/__default__");
    shell.ok("create", index, "-d", 64, "-m", "euclidean");
    StringBuilder records = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      records.append("{\"id\":\"r").append(i).append("\",\"values\":[").append(i);
      records.append(",1".repeat(63)).append("]}\n");
    }
    shell.input(records.toString()).ok("ingest", index, "-", "--flush", "-q");
    shell.input("{\"id\":\"new\",\"values\":[7" + ",0".repeat(63) + "]}\n");
    shell.ok("ingest", index, "-", "-q");
    shell.input("");
  }

  private Path only(String in, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(namespace.resolve(in))) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList().getLast();
    }
  }

  private void link(Path file) throws IOException {
    Path target = folder.resolve("elsewhere-" + file.getFileName());
    Files.move(file, target);
    Files.createSymbolicLink(file, target);
  }

  @Test
  void anIndexOfLinksIsRead() throws IOException {
    link(only("wal", ".wal"));
    link(only("slabs", ".slab"));
    link(only("manifest", ".json"));
    link(namespace);
    String ids = shell.ok("list", index, "--all");
    assertEquals(2002, ids.lines().count());
    assertTrue(shell.ok("verify", index).lines().count() == 1);
    assertTrue(shell.ok("inspect", index).contains("ns/__default__/slabs/"));
    shell.ok("copy", index, folder.resolve("copy"));
    assertEquals(ids, shell.ok("list", folder.resolve("copy").toString(), "--all"));
  }

  @Test
  void aLinkThatLeadsNowhereIsMet() throws IOException {
    for (String kind : List.of("wal", "manifest", "slabs")) {
      Path file = only(kind, "");
      Path target = folder.resolve("elsewhere");
      Files.move(file, target);
      Files.createSymbolicLink(file, folder.resolve("gone"));
      for (String[] words : verbs()) {
        Shell.Result result = shell.run((Object[]) words);
        assertEquals(6, result.code(), kind + " " + words[0] + ": " + result.err());
      }
      Files.delete(file);
      Files.move(target, file);
    }
    assertEquals(2002, shell.ok("list", index, "--all").lines().count());
  }

  private List<String[]> verbs() {
    return List.of(
        new String[] {"verify", index},
        new String[] {"copy", index, folder.resolve("copy" + System.nanoTime()).toString()},
        new String[] {"export", index, "--out", folder.resolve("out.jsonl").toString()},
        new String[] {"list", index, "--all"});
  }

  @Test
  void whatCannotBeLookedAtIsNotAbsent() throws IOException {
    Path ns = folder.resolve("i/ns");
    Path aside = folder.resolve("aside");
    Files.move(ns, aside);
    Files.writeString(ns, "a file");
    refused("a file in place of a folder");
    Files.delete(ns);
    Files.createSymbolicLink(ns, Path.of("ns"));
    refused("a loop of links");
    Files.delete(ns);
    Files.createSymbolicLink(ns, Path.of("gone"));
    refused("a link to nowhere");
    Files.delete(ns);
    Files.move(aside, ns);
    assertEquals(2002, shell.ok("list", index, "--all").lines().count());
  }

  private void refused(String what) {
    for (String[] words : verbs()) {
      Shell.Result result = shell.run((Object[]) words);
      assertNotEquals(0, result.code(), what + ", " + words[0]);
      assertNotEquals(3, result.code(), what + ", " + words[0]);
      assertFalse(result.err().contains("unexpected"), result.err());
    }
    assertNotEquals(0, shell.run("drop", index, "--confirm", "i").code(), what);
    assertTrue(Files.exists(folder.resolve("i/index.json")), what);
  }

  @Test
  void aTargetBehindAFileOrALoopIsNoNewPlace() throws IOException {
    Files.writeString(folder.resolve("f"), "");
    Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
    for (String target : List.of("f/x", "loop", "loop/x", "x".repeat(300))) {
      String path = folder.resolve(target).toString();
      for (String verb : List.of("stats", "verify", "query")) {
        Shell.Result result = shell.run(verb, path);
        assertEquals(1, result.code(), verb + " " + target + ": " + result.err());
      }
    }
    assertEquals(3, shell.run("stats", folder.resolve("none").toString()).code());
  }

  /** Lines for the shell, and what happens before some of them are read. */
  private static final class Steps extends InputStream {
    private final List<Object> steps;
    private byte[] line = {};
    private int at;
    private int next;

    Steps(List<Object> steps) {
      this.steps = steps;
    }

    private boolean more() {
      while (at == line.length) {
        if (next == steps.size()) {
          return false;
        }
        switch (steps.get(next++)) {
          case Runnable step -> step.run();
          case Object text -> {
            line = (text + "\n").getBytes(StandardCharsets.UTF_8);
            at = 0;
          }
        }
      }
      return true;
    }

    @Override
    public int read() {
      return more() ? line[at++] : -1;
    }

    /** One line at a time, so that the shell has done all before when a step is run. */
    @Override
    public int read(byte[] into, int from, int count) {
      if (!more()) {
        return -1;
      }
      int length = Math.min(count, line.length - at);
      System.arraycopy(line, at, into, from, length);
      at += length;
      return length;
    }
  }

  private Shell.Result steps(Object... steps) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] words = {"shell", index};
    int code =
        Main.run(words, new Steps(List.of(steps)), out, err, Map.of("SLAB_PROGRESS", "none"));
    return new Shell.Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private interface Change {
    void run() throws IOException;
  }

  private static Runnable step(Change change) {
    return () -> {
      try {
        change.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  @Test
  void aSlabChangedUnderAnOpenShellIsMetByEveryVerb() throws IOException {
    Path slab = only("slabs", ".slab");
    byte[] intact = Files.readAllBytes(slab);
    byte[] changed = intact.clone();
    for (int i = 0; i < 512; i++) {
      changed[8192 + i] ^= 1;
    }
    String name = slab.getFileName().toString();
    String ask = "query --id r500 -k 2 --include-values";
    for (Change change :
        List.<Change>of(
            () -> overwrite(slab, changed),
            () -> truncate(slab, intact.length / 2),
            () -> truncate(slab, 4096))) {
      Shell.Result warm = steps(ask, ask);
      assertEquals(0, warm.code(), warm.err());
      for (String verb :
          List.of(
              "query -v [30" + ",1".repeat(63) + "] -k 2 --include-values",
              "compact --full",
              "export --out " + folder.resolve("e.jsonl"))) {
        Shell.Result result = steps(ask, "stats", step(change), verb);
        assertEquals(6, result.code(), verb + "\n" + result.err());
        assertTrue(result.err().contains(name), result.err());
        assertFalse(Files.exists(folder.resolve("e.jsonl")));
        assertEquals(slab, only("slabs", ".slab"));
        overwrite(slab, intact);
      }
      Shell.Result back = steps(ask, step(change), ask, step(() -> overwrite(slab, intact)), ask);
      assertTrue(back.out().endsWith(warm.out().substring(warm.out().length() / 2)), back.out());
      assertEquals(0, shell.run("verify", index).code());
    }
  }

  private static void overwrite(Path file, byte[] content) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(content), 0);
    }
  }

  private static void truncate(Path file, long length) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(length);
    }
  }
}
