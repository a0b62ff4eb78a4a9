package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Input that is made to hurt: by its size, its depth, or by what it does to a terminal or page. */
class HostileInputIT {
  private static final String GOOD = "{\"id\":\"good\",\"values\":[1,2]}\n";
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final Shell shell = new Shell();
  private Path index;

  @BeforeEach
  void create() {
    index = folder.resolve("inner/index");
    shell.ok("create", index, "--dimension", "2");
  }

  /** Many equal letters, which compress to almost nothing. */
  private static void letters(OutputStream out, int megabytes) throws IOException {
    byte[] block = new byte[1 << 20];
    Arrays.fill(block, (byte) 'a');
    for (int i = 0; i < megabytes; i++) {
      out.write(block);
    }
  }

  private Shell.Result ingest(Path file, Object... more) {
    Object[] words = Stream.concat(Stream.of("ingest", index, file), Stream.of(more)).toArray();
    return assertTimeoutPreemptively(SOON, () -> shell.run(words));
  }

  /** Refused as input, with a word about it, and never as a mistake of the program. */
  private static void refused(Shell.Result result) {
    assertTrue(List.of(2, 6, 8).contains(result.code()), result.code() + " " + result.err());
    assertFalse(result.err().isBlank());
    for (String wrong : List.of("Exception", "StackOverflow", "OutOfMemory", "\tat ")) {
      assertFalse(result.err().contains(wrong), result.err());
    }
  }

  @Test
  void aBombOfOneLineIsRefusedInLittleMemory() throws IOException {
    Path file = folder.resolve("bomb.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(GOOD.getBytes(StandardCharsets.UTF_8));
      out.write("{\"id\":\"bad\",\"values\":[1,2],\"metadata\":{\"a\":\"".getBytes());
      letters(out, 300);
      out.write("\"}}\n".getBytes());
    }
    refused(ingest(file));
  }

  @Test
  void aLineOfAHundredMegabytesIsRefused() throws IOException {
    Path file = folder.resolve("long.jsonl");
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write("{\"id\":\"".getBytes());
      letters(out, 100);
      out.write(("\",\"values\":[1,2]}\n" + GOOD).getBytes());
    }
    refused(ingest(file));
  }

  @Test
  void depthIsRefused() throws IOException {
    String deep = "[".repeat(200_000);
    Path file =
        Files.writeString(
            folder.resolve("deep.jsonl"),
            "{\"id\":\"x\",\"values\":[1,2],\"metadata\":{\"a\":" + deep + "\n" + GOOD);
    refused(ingest(file));
    shell.input(GOOD).ok("ingest", index, "-");
    String and = "{\"$and\":[".repeat(20_000) + "{\"a\":1}" + "]}".repeat(20_000);
    Path filter = Files.writeString(folder.resolve("filter"), and);
    refused(shell.run("query", index, "--id", "good", "--filter", "@" + filter));
    refused(shell.run("delete", index, "--filter", "@" + filter, "--yes"));
    Path vector = Files.writeString(folder.resolve("vector"), deep);
    refused(shell.run("query", index, "--vector", "@" + vector));
    Path ids = Files.writeString(folder.resolve("ids"), deep);
    refused(shell.run("fetch", index, "--ids", "@" + ids));
  }

  @Test
  void escapesReachNoTable() throws IOException {
    String evil = "\\u001b]0;gone\\u0007\\u001b[2J\\u009b31m\\r\\u202e";
    Path file =
        Files.writeString(
            folder.resolve("evil.jsonl"),
            "{\"id\":\"" + evil + "\",\"values\":[1,2],\"metadata\":{\"t\":\"" + evil + "\"}}\n");
    String name = "n\u001b[2J\u0007";
    assertEquals(0, ingest(file, "-n", name, "--flush").code());
    List<Object[]> verbs =
        List.of(
            new Object[] {"list", index, "-n", name},
            new Object[] {"namespace", "list", index},
            new Object[] {"query", index, "-n", name, "--vector", "[1,2]", "--include-metadata"},
            new Object[] {"stats", index, "-n", name},
            new Object[] {"fetch", index, "-n", name, "--ids", "none\u001b[2J"},
            new Object[] {"stats", index, "-n", "none\u001b[2J"},
            new Object[] {"erase", index, "-n", name, "--ids", "none\u001b[2J", "--dry-run"},
            new Object[] {"checkpoint", "list", index, "-n", name});
    for (Object[] verb : verbs) {
      Object[] table = Arrays.copyOf(verb, verb.length + 2);
      table[verb.length] = "-o";
      table[verb.length + 1] = "table";
      Shell.Result result = shell.run(table);
      for (char control : new char[] {0x1b, 7, 0x9b, '\r'}) {
        String what = Arrays.toString(verb) + " prints " + (int) control;
        assertFalse(result.out().indexOf(control) >= 0, what + ": " + result.out());
        assertFalse(result.err().indexOf(control) >= 0, what + ": " + result.err());
      }
    }
  }

  @Test
  void aPageHasNoMarkupOfRecords() throws IOException {
    String evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>";
    Path file =
        Files.writeString(
            folder.resolve("evil.jsonl"),
            "{\"id\":\""
                + evil
                + "\",\"values\":[1,2],\"metadata\":{\""
                + evil
                + "\":\""
                + evil
                + "\"}}\n"
                + GOOD);
    assertEquals(0, ingest(file, "--flush").code());
    Path page = folder.resolve("page.html");
    Path slab;
    try (Stream<Path> files = Files.walk(index)) {
      slab = files.filter(path -> path.toString().endsWith(".slab")).findFirst().orElseThrow();
    }
    shell.ok("inspect", slab, "--html", page);
    String text = Files.readString(page);
    assertFalse(text.contains("<script>alert"), "markup of a record");
    assertFalse(text.contains("<img src=x"), "markup of a record");
  }

  @Test
  void namesOfNamespacesAreNoPaths() throws IOException {
    List<String> names =
        List.of("../../evil", "/etc/passwd", "..", ".", "a/b", "c:\\d", "CON", "x y", "%2e%2e");
    for (String name : names) {
      shell.input(GOOD).ok("ingest", index, "-", "-n", name, "--flush");
    }
    String listed = shell.ok("namespace", "list", index, "--json");
    for (String name : names) {
      assertTrue(listed.contains(name.replace("\\", "\\\\")), name);
    }
    try (Stream<Path> files = Files.walk(folder)) {
      assertTrue(
          files.allMatch(file ->
              file.startsWith(index.resolve("ns"))
                  || file.getParent().equals(index)
                  || index.startsWith(file)
                  || file.startsWith(index.resolve("config"))),
          "outside of the index");
    }
  }
}
