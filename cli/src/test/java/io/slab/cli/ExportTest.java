package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is exported comes back the same, and outputs are there as a whole or not at all. */
class ExportTest {
  private static final String MAIN =
      """
      {"id":"a","values":[1,0.1],"metadata":{"n":1,"t":["x","y"]}}
      {"id":"b","values":[-0.0,3.4028235E38],"metadata":{"n":0.1,"ok":true}}
      {"id":"c","values":[1.4E-45,7]}
      """;

  private static final String OTHER = "{\"id\":\"a\",\"values\":[5,6]}\n";

  @TempDir Path folder;
  private final Shell shell = new Shell();
  private String index;

  @BeforeEach
  void fill() {
    index = folder.resolve("i").toString();
    shell.ok("create", index, "-d", 2, "--metric", "euclidean");
    shell.input(MAIN).ok("ingest", index, "-", "--flush");
    shell.input(OTHER).ok("ingest", index, "-", "--namespace", "Other/1");
    shell.input("");
  }

  private void comesBack(Path out, Object... more) {
    String copy = folder.resolve("copy-" + out.getFileName()).toString();
    shell.ok("create", copy, "-d", 2, "--metric", "euclidean");
    Shell.Result result = shell.run("ingest", copy, out, "--namespace", "back");
    assertEquals(0, result.code(), result.err());
    assertEquals(MAIN, shell.ok("export", copy, "--namespace", "back"));
  }

  @Test
  void jsonLinesToStdout() {
    assertEquals(MAIN, shell.ok("export", index));
    assertEquals(
        MAIN.lines().toList().getFirst() + "\n", shell.ok("export", index, "-f", "{\"n\":1}"));
    List<String> all = shell.ok("export", index, "--all-namespaces").lines().toList();
    assertEquals(4, all.size());
    assertTrue(all.contains("{\"namespace\":\"Other/1\",\"id\":\"a\",\"values\":[5,6]}"));
  }

  @Test
  void everyFormatComesBack() throws IOException {
    for (String name :
        List.of("x.jsonl", "x.jsonl.gz", "x.jsonl.zst", "x.parquet", "lines", "parquet", "npy")) {
      Path out = folder.resolve("out-" + name);
      if (List.of("parquet", "npy").contains(name)) {
        shell.ok("export", index, "--out", out, "--format", name);
      } else {
        shell.ok("export", index, "--out", out);
      }
      comesBack(out);
    }
    try (var files = Files.list(folder)) {
      assertFalse(files.anyMatch(file -> file.getFileName().toString().startsWith(".slab-")));
    }
  }

  @Test
  void allNamespacesComeBackWithTheirNames() {
    Path out = folder.resolve("all");
    shell.ok("export", index, "--all-namespaces", "--out", out);
    String copy = folder.resolve("copy").toString();
    Shell.Result result = shell.run("migrate-from-pod-export", out, copy, "--metric", "euclidean");
    assertEquals(0, result.code(), result.err());
    assertEquals(MAIN, shell.ok("export", copy));
    assertEquals(OTHER, shell.ok("export", copy, "--namespace", "Other/1"));
  }

  @Test
  void whatCannotBeWrittenIsSaidBeforeAnythingIs() throws IOException {
    Path full = Files.createDirectory(folder.resolve("full"));
    Files.writeString(full.resolve("x"), "x");
    Shell.Result result = shell.run("export", index, "--format", "npy", "--out", full);
    assertEquals(4, result.code(), result.err());
    assertTrue(result.err().contains("not an empty folder"), result.err());
    result =
        shell.run(
            "export", index, "--all-namespaces", "--format", "parquet", "--out", folder + "/p");
    assertEquals(2, result.code(), result.err());
    assertFalse(Files.exists(folder.resolve("p")));
    assertEquals(2, shell.run("export", index, "--format", "parquet").code());
    assertEquals(3, shell.run("export", index, "--namespace", "none").code());
  }
}
