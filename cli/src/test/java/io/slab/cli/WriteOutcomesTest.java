package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exit code of a write says what became of it, whatever else went wrong. */
class WriteOutcomesTest {
  @TempDir Path folder;

  private Path index;
  private Path records;

  @BeforeEach
  void make() throws IOException {
    index = folder.resolve("index");
    records = folder.resolve("records.jsonl");
    Files.writeString(records, "{\"id\":\"a\",\"values\":[1,2]}\n");
    new Shell().ok("create", index, "-d", 2);
    new Shell().ok("ingest", index, records);
  }

  /** Every read of the namespace fails as soon as the result is printed. */
  private final class Saboteur extends OutputStream {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Override
    public void write(int b) {
      printed.write(b);
      try (Stream<Path> manifests = Files.list(index.resolve("ns/__default__/manifest"))) {
        for (Path manifest : (Iterable<Path>) manifests::iterator) {
          Files.write(manifest, new byte[] {'x'});
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

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
    assertTrue(out.printed.toString().contains("\"upsertedCount\":1"), out.printed.toString());
    assertTrue(err.toString().contains("what to do next is left out"), err.toString());
    assertTrue(err.toString().contains("wrote 1 record"), err.toString());
  }

  /** The limit on the size of files stands for a disk that is full. */
  @Test
  void aDiskThatTakesNothingIsNoUnknownOutcome() throws Exception {
    new Shell().ok("flush", index);
    new Shell().ok("ingest", index, records);
    List<List<String>> writes =
        List.of(
            List.of("ingest", index.toString(), records.toString()),
            List.of("flush", index.toString()),
            List.of("delete", index.toString(), "--ids", "a"),
            List.of("configure", index.toString(), "--flush-records", "77"),
            List.of("configure", index.toString(), "--deletion-protection", "enabled"),
            List.of("namespace", "create", index.toString(), "--name", "other"),
            List.of("create", folder.resolve("new").toString(), "-d", "2"));
    for (List<String> write : writes) {
      String before = new Shell().ok("list", index) + new Shell().ok("stats", index);
      String words =
          String.join(
              " ",
              Processes.slab(write.toArray(String[]::new)).stream()
                  .map(word -> "'" + word + "'")
                  .toList());
      int code = run(List.of("bash", "-c", "ulimit -f 0; exec " + words + " 2>&1 | cat"), words);
      assertEquals(0, code, words);
      assertEquals(before, new Shell().ok("list", index) + new Shell().ok("stats", index));
      code =
          run(
              List.of(
                  "bash", "-c", "ulimit -f 0; " + words + " > >(cat) 2> >(cat >&2); exit $?"),
              words);
      assertEquals(1, code, words + "\n" + said);
      assertTrue(said.contains("cannot write"), said);
    }
  }

  @Test
  void aFolderThatMayNotBeWrittenIsDenied() throws Exception {
    if (!System.getProperty("user.name").equals("root")) {
      Files.walk(index)
          .filter(Files::isDirectory)
          .forEach(path -> path.toFile().setWritable(false));
      for (List<Object> write : writes()) {
        Shell.Result result = new Shell().run(write.toArray());
        assertEquals(10, result.code(), write + "\n" + result.err());
      }
      Files.walk(index).forEach(path -> path.toFile().setWritable(true));
      return;
    }
    if (!Files.isExecutable(Path.of("/usr/bin/setpriv"))) {
      System.out.println("not tested: root may write everywhere, and there is no setpriv");
      return;
    }
    folder.toFile().setReadable(true, false);
    folder.toFile().setExecutable(true, false);
    String classes = Path.of(Processes.classPath().split(":")[0]).toString();
    List<String> as =
        List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
    if (run(Stream.concat(as.stream(), Stream.of("test", "-r", classes)).toList(), "") != 0) {
      System.out.println("not tested: another user cannot read the classes");
      return;
    }
    for (List<Object> write : writes()) {
      String[] words = write.stream().map(String::valueOf).toArray(String[]::new);
      List<String> command =
          Stream.concat(as.stream(), Processes.slab(words).stream()).toList();
      assertEquals(10, run(command, write.toString()), write + "\n" + said);
      assertTrue(said.contains("Permission denied"), said);
    }
  }

  private List<List<Object>> writes() {
    return List.of(
        List.of("ingest", index, records),
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
