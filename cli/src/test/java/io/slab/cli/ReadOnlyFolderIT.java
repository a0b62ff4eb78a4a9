package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a folder that may not be written verbs that read work, and those that write say so. */
class ReadOnlyFolderIT {
  @TempDir Path folder;

  private final List<String> faults = new ArrayList<>();

  /** Runs every verb on the index, and prints what went wrong, one line each. */
  static final class Verbs {
    private Verbs() {}

    public static void main(String[] args) {
      String index = args[0];
      String other = args[1];
      try {
        Files.createFile(Path.of(index, "try"));
        System.out.println("FAULT the folder can be written");
        return;
      } catch (IOException e) {
        // As it should be.
      }
      for (List<String> words : reads(index, other)) {
        Shell.Result result = new Shell().run(words.toArray());
        if (result.code() != 0) {
          System.out.println("FAULT " + words + " " + result.code() + " " + line(result.err()));
        }
      }
      for (List<String> words : writes(index, other)) {
        Shell.Result result = new Shell().run(words.toArray());
        boolean said = result.err().contains("Permission denied");
        if (result.code() != 10 || !said || result.err().contains("Exception")) {
          System.out.println("FAULT " + words + " " + result.code() + " " + line(result.err()));
        }
      }
      System.out.println("END");
    }

    private static String line(String text) {
      return text.replace('\n', '|');
    }
  }

  private static List<List<String>> reads(String index, String other) {
    return List.of(
        List.of("describe", index),
        List.of("namespace", "list", index),
        List.of("namespace", "describe", index),
        List.of("export", index),
        List.of("export", index, "--out", other + "/out.jsonl"),
        List.of("export", index, "--salvage"),
        List.of("fetch", index, "--ids", "a"),
        List.of("list", index),
        List.of("query", index, "--vector", "[1,2]"),
        List.of("query", index, "--vector", "[1,2]", "--skip-damaged"),
        List.of("query", index, "--id", "a", "--as-of", "kept"),
        List.of("log", index),
        List.of("explain", index, "--vector", "[1,2]"),
        List.of("bench", index, "--queries", other + "/queries.jsonl"),
        List.of("estimate", index),
        List.of("stats", index),
        List.of("facet", index, "--field", "n"),
        List.of("checkpoint", "list", index),
        List.of("checkpoint", "show", index, "kept"),
        List.of("inspect", index),
        List.of("verify", index),
        List.of("repair", index),
        List.of("copy", index, other + "/copy"),
        List.of("doctor", index, "--read-only"),
        List.of("gc", index, "--dry-run"),
        List.of("erase", index, "--ids", "a", "--dry-run"),
        List.of("delete", index, "--ids", "a", "--dry-run"),
        List.of("compact", index, "--dry-run"));
  }

  private static List<List<String>> writes(String index, String other) {
    return List.of(
        List.of("create", index + "/inner", "-d", "2"),
        List.of("configure", index, "--flush-records", "77"),
        List.of("drop", index, "--confirm", "index"),
        List.of("namespace", "create", index, "--name", "other"),
        List.of("namespace", "delete", index, "--name", "__default__", "--confirm", "__default__"),
        List.of("ingest", index, other + "/records.jsonl"),
        List.of("migrate-from-pod-export", other + "/records.jsonl", index),
        List.of("update", index, "--id", "a", "--set-metadata", "{\"n\":2}"),
        List.of("delete", index, "--ids", "a"),
        List.of("erase", index, "--ids", "a", "--yes"),
        List.of("flush", index),
        List.of("compact", index, "--full"),
        List.of("checkpoint", "create", index, "new"),
        List.of("checkpoint", "delete", index, "kept", "--yes"),
        List.of("restore", index, "kept", "--yes"),
        List.of("copy", other + "/source", index + "/inner"),
        List.of("doctor", index));
  }

  @Test
  void verbsThatReadWorkAndThoseThatWriteSaySo() throws Exception {
    boolean root = System.getProperty("user.name").equals("root");
    if (root && !Files.isExecutable(Path.of("/usr/bin/setpriv"))) {
      System.out.println("not tested: root may write everywhere, and there is no setpriv");
      return;
    }
    Path index = folder.resolve("index");
    Path other = Files.createDirectories(folder.resolve("other"));
    Path records = other.resolve("records.jsonl");
    String line = "{\"id\":\"a\",\"values\":[1,2],\"metadata\":{\"n\":1}}\n";
    Files.writeString(records, line);
    Path more = Files.writeString(other.resolve("more.jsonl"), line.replace("\"a\"", "\"b\""));
    Files.writeString(other.resolve("queries.jsonl"), "{\"vector\":[1,2]}\n");
    Shell shell = new Shell();
    shell.ok("create", index, "-d", 2);
    shell.ok("ingest", index, records, "--flush");
    shell.ok("checkpoint", "create", index, "kept");
    shell.ok("delete", index, "--ids", "a");
    shell.ok("ingest", index, records, "--flush");
    shell.ok("ingest", index, more);
    shell.ok("copy", index, other.resolve("source"));
    // Root without the right to pass over permissions.
    List<String> command =
        new ArrayList<>(root ? List.of("setpriv", "--bounding-set=-dac_override") : List.of());
    command.addAll(
        List.of(
            Processes.java(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--add-modules=jdk.incubator.vector",
            "-cp",
            Processes.classPath(),
            Verbs.class.getName(),
            index.toString(),
            other.toString()));
    setWritable(index, false);
    try {
      run(command);
    } finally {
      setWritable(index, true);
    }
    assertEquals("", String.join("\n", faults));
  }

  private void run(List<String> command) throws Exception {
    Path said = folder.resolve("said");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), "still running");
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(said, StandardCharsets.UTF_8);
    assertTrue(text.contains("END"), text);
    text.lines().filter(line -> line.startsWith("FAULT")).forEach(faults::add);
  }

  private static void setWritable(Path index, boolean writable) throws IOException {
    try (Stream<Path> files = Files.walk(index)) {
      files.filter(Files::isDirectory).forEach(path -> path.toFile().setWritable(writable));
    }
  }
}
