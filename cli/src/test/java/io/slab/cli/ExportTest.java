package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

  private void comesBack(Path out) {
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

  private void refused(String name, String format, String said) {
    Path out = folder.resolve(name);
    List<Object> words = new ArrayList<>(List.of("export", index, "--out", out));
    if (format != null) {
      words.addAll(List.of("--format", format));
    }
    Shell.Result result = shell.run(words.toArray());
    assertEquals(2, result.code(), name + " " + format + "\n" + result.err());
    assertTrue(result.err().contains("--format"), result.err());
    assertTrue(result.err().contains(said), result.err());
    assertFalse(Files.exists(out));
  }

  @Test
  void aNameThatSaysAnotherFormatIsRefused() throws IOException {
    for (String name :
        List.of("x.csv", "x.CSV", "x.tsv", "x.json", "x.npz", "x.csv.gz", "x.fvecs")) {
      refused(name, null, "which export does not write");
    }
    refused("x.npy", null, "name a folder for both");
    refused("x.npy", "npy", "name a folder");
    refused("x.npy", "jsonl", "names a NumPy matrix");
    refused("x.parquet", "jsonl", "names Parquet");
    refused("x.jsonl", "parquet", "names JSON lines");
    refused("x.csv", "jsonl", "names CSV");
    refused("x.jsonl", "npy", "name a folder");
    refused("x.parquet.gz", null, "is not packed into .gz");
    refused("x.jsonl.bz2", null, "is not packed into .bz2");
    refused("x.gz", "parquet", "is not packed into .gz");
    for (String name : List.of("y.JSONL.GZ", "y.ndjson", "y.PARQUET", "y.2024")) {
      shell.ok("export", index, "--out", folder.resolve(name));
      comesBack(folder.resolve(name));
    }
    shell.ok("export", index, "--out", folder.resolve("y.json"), "--format", "jsonl");
    comesBack(folder.resolve("y.json"));
  }

  @Test
  void otherFilesHoldWhatTheirNamesSay() throws IOException {
    Path out = folder.resolve("s.json");
    shell.ok("stats", index, "--out", out);
    assertTrue(Files.readString(out).startsWith("{"), Files.readString(out));
    Path table = folder.resolve("s.csv");
    shell.ok("list", index, "--out", table);
    assertEquals("id", Files.readAllLines(table).getFirst());
    Path lines = folder.resolve("s.ndjson");
    shell.ok("list", index, "--out", lines);
    assertTrue(Files.readString(lines).startsWith("{\"type\":"), Files.readString(lines));
    for (String[] words :
        new String[][] {
          {"stats", index, "-o", "json", "--out", folder + "/t.csv"},
          {"stats", index, "-o", "csv", "--out", folder + "/t.json"},
          {"stats", index, "--out", folder + "/t.parquet"},
          {"stats", index, "--out", folder + "/t.json.gz"},
          {"inspect", index, "--html", folder + "/t.json"},
          {"ingest", index, folder + "/s.json", "--rejects", folder + "/t.csv"},
          {
            "migrate-from-pod-export",
            folder + "/s.json",
            folder + "/n",
            "--report",
            folder + "/t.html"
          },
          {
            "migrate-from-pod-export",
            folder + "/s.json",
            folder + "/n",
            "--page",
            folder + "/t.json"
          }
        }) {
      Shell.Result result = shell.run((Object[]) words);
      assertEquals(2, result.code(), String.join(" ", words) + "\n" + result.err());
    }
    try (var files = Files.list(folder)) {
      assertFalse(files.anyMatch(file -> file.getFileName().toString().startsWith("t.")));
    }
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
