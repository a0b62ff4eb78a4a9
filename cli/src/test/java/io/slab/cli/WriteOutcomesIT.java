package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.testkit.index.LeavesDamage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exit code of a write says what became of it, also when something else went wrong. */
class WriteOutcomesIT {
  @TempDir Path folder;

  private Path index;
  private Path records;
  private Path matrix;

  @BeforeEach
  void make() throws IOException {
    index = folder.resolve("index");
    records = folder.resolve("records.jsonl");
    Files.writeString(records, "{\"id\":\"a\",\"values\":[1,2]}\n");
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }";
    matrix = folder.resolve("matrix.npy");
    Files.write(
        matrix,
        ("\u0093NUMPY\u0001\u0000"
                + (char) (header.length() + 1)
                + "\u0000"
                + header
                + "\n"
                + "12345678")
            .getBytes(StandardCharsets.ISO_8859_1));
    new Shell().ok("create", index, "-d", 2);
    new Shell().ok("ingest", index, records);
  }

  /** Every look at the namespace fails as soon as the result is printed. */
  private final class Saboteur extends OutputStream {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Override
    public void write(int b) {
      printed.write(b);
      Path manifests = index.resolve("ns/__default__/manifest");
      try {
        if (Files.isDirectory(manifests)) {
          Files.move(manifests, index.resolve("away"));
          Files.createFile(manifests);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @LeavesDamage
  @Test
  void aHintThatCannotBeMadeIsLeftOut() {
    Saboteur out = new Saboteur();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            new String[] {"ingest", index.toString(), records.toString(), "--json"},
            new ByteArrayInputStream(new byte[0]),
            out,
            err,
            Map.of("SLAB_PROGRESS", "none"));
    assertEquals(0, code, err.toString());
    assertTrue(out.printed.toString().contains("\"upsertedCount\": 1"), out.printed.toString());
    assertTrue(err.toString().contains("what to do next is left out"), err.toString());
    assertTrue(err.toString().contains("wrote 1 record"), err.toString());
  }

  /** The limit on the size of files stands for a disk that is full. */
  @Test
  void aDiskThatTakesNothingIsNoUnknownOutcome() throws Exception {
    Path large = folder.resolve("large");
    Path file = folder.resolve("large.jsonl");
    String values = "0.5,".repeat(1_999) + "1";
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 900; i++) {
      lines.append("{\"id\":\"" + i + "\",\"values\":[" + values + "]}\n");
    }
    Files.writeString(file, lines);
    new Shell().ok("create", large, "-d", 2000);
    for (List<String> write :
        List.of(
            List.of("ingest", large.toString(), file.toString()),
            List.of("flush", large.toString()))) {
      String words =
          String.join(
              " ",
              Processes.slab(write.toArray(String[]::new)).stream()
                  .map(word -> "'" + word + "'")
                  .toList());
      String before = new Shell().ok("list", large);
      String script = "(ulimit -f 1400; exec " + words + ") 2>&1 | cat; exit ${PIPESTATUS[0]}";
      assertEquals(1, run(List.of("bash", "-c", script), words), words + "\n" + said);
      assertTrue(said.contains("File too large"), said);
      assertEquals(before, new Shell().ok("list", large));
      new Shell().ok(write.toArray());
    }
  }

  @Test
  void aFolderThatMayNotBeWrittenIsDenied() throws Exception {
    boolean root = System.getProperty("user.name").equals("root");
    if (root && !Files.isExecutable(Path.of("/usr/bin/setpriv"))) {
      System.out.println("not tested: root may write everywhere, and there is no setpriv");
      return;
    }
    // Root without the right to pass over permissions.
    List<String> as = root ? List.of("setpriv", "--bounding-set=-dac_override") : List.<String>of();
    setWritable(false);
    try {
      for (List<Object> write : writes()) {
        String[] words = write.stream().map(String::valueOf).toArray(String[]::new);
        List<String> command = Stream.concat(as.stream(), Processes.slab(words).stream()).toList();
        assertEquals(10, run(command, write.toString()), write + "\n" + said);
        assertTrue(said.contains("Permission denied"), said);
        assertFalse(said.contains("0 records"), said);
        if (write.getFirst().equals("ingest")) {
          assertTrue(said.contains("no record was acknowledged"), said);
        }
      }
    } finally {
      setWritable(true);
    }
  }

  /** The index comes first and its protection second: between them the disk may refuse. */
  @Test
  void anIndexWithoutItsProtectionSaysSoAndTheSameCommandGoesOn() throws Exception {
    boolean root = System.getProperty("user.name").equals("root");
    if (root && !Files.isExecutable(Path.of("/usr/bin/setpriv"))) {
      System.out.println("not tested: root may write everywhere, and there is no setpriv");
      return;
    }
    Path fresh = folder.resolve("fresh");
    Path config = Files.createDirectories(fresh.resolve("config"));
    String[] create = {
      "create", fresh.toString(), "-d", "2", "--deletion-protection", "enabled", "--if-not-exists"
    };
    List<String> as = root ? List.of("setpriv", "--bounding-set=-dac_override") : List.<String>of();
    config.toFile().setWritable(false);
    try {
      List<String> command = Stream.concat(as.stream(), Processes.slab(create).stream()).toList();
      assertEquals(10, run(command, "create"), said);
      assertTrue(said.contains("the index is created, but its deletion protection"), said);
      assertTrue(said.contains("configure --deletion-protection enabled"), said);
    } finally {
      config.toFile().setWritable(true);
    }
    assertTrue(new Shell().ok("describe", fresh, "--json").contains("\"disabled\""));
    Object[] dry = Stream.concat(Stream.of(create), Stream.of("--dry-run")).toArray();
    assertTrue(new Shell().run(dry).err().contains("would enable its deletion protection"));
    assertTrue(new Shell().ok("describe", fresh, "--json").contains("\"disabled\""));
    Shell.Result again = new Shell().run((Object[]) create);
    assertEquals(0, again.code(), again.err());
    assertTrue(again.err().contains("enabled its deletion protection"), again.err());
    assertTrue(new Shell().ok("describe", fresh, "--json").contains("\"enabled\""));
    // Without the word the protection of an index that is there stays as it is.
    new Shell().ok("create", fresh, "-d", 2, "--if-not-exists");
    assertTrue(new Shell().ok("describe", fresh, "--json").contains("\"enabled\""));
  }

  private void setWritable(boolean writable) throws IOException {
    try (Stream<Path> files = Files.walk(index)) {
      files.filter(Files::isDirectory).forEach(path -> path.toFile().setWritable(writable));
    }
  }

  private List<List<Object>> writes() {
    return List.of(
        List.of("ingest", index, records),
        List.of("ingest", index, matrix),
        List.of("flush", index),
        List.of("delete", index, "--ids", "a"),
        List.of("configure", index, "--flush-records", 77),
        List.of("configure", index, "--deletion-protection", "enabled"),
        List.of("namespace", "create", index, "--name", "other"));
  }

  private String said = "";

  private int run(List<String> command, String what) throws Exception {
    Path out = folder.resolve("said");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), what);
    said = Files.readString(out);
    assertFalse(said.contains("Exception"), said);
    return process.exitValue();
  }
}
