package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench}, and {@code ingest} of NumPy matrices: what they print and accept. */
class BenchTest {
  @TempDir Path folder;
  private Shell shell;
  private String index;
  private Path base;
  private Path queries;

  /** Row i is (i, 0): of the rows nearest to (q, 0) the first is q, then q - 1 before q + 1. */
  @BeforeEach
  void fill() throws IOException {
    shell = new Shell();
    index = folder.resolve("line").toString();
    shell.ok("create", index, "-d", 2, "-m", "euclidean");
    double[] rows = new double[24];
    for (int i = 0; i < 12; i++) {
      rows[2 * i] = i;
    }
    base = npy("base.npy", "<f4", 2, rows);
    queries = npy("queries.npy", "<f4", 2, 3, 0, 8, 0);
  }

  private Path npy(String name, String type, int columns, double... values) throws IOException {
    String header =
        "{'descr': '"
            + type
            + "', 'fortran_order': False, 'shape': ("
            + values.length / columns
            + ", "
            + columns
            + "), }\n";
    ByteBuffer out = ByteBuffer.allocate(2000).order(ByteOrder.LITTLE_ENDIAN);
    out.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    out.putShort((short) header.length()).put(header.getBytes(StandardCharsets.ISO_8859_1));
    for (double value : values) {
      if (type.equals("<i4")) {
        out.putInt((int) value);
      } else {
        out.putFloat((float) value);
      }
    }
    return Files.write(folder.resolve(name), Arrays.copyOf(out.array(), out.position()));
  }

  private JsonNode bench(Object... more) {
    Object[] words = new Object[5 + more.length];
    System.arraycopy(new Object[] {"bench", index, "--queries", queries, "--json"}, 0, words, 0, 5);
    System.arraycopy(more, 0, words, 5, more.length);
    return Json.parse("bench", shell.ok(words));
  }

  private static List<String> names(JsonNode object) {
    return List.copyOf(object.propertyNames());
  }

  @Test
  void theReportHasTheFormThatTheReadmeDocuments() throws IOException {
    shell.ok("ingest", index, base, "--bulk");
    Path truth = npy("truth.npy", "<i4", 3, 3, 2, 4, 8, 7, 1);
    JsonNode report = bench("--ground-truth", truth, "-k", 3, "--passes", 4, "--threads", 1);
    assertEquals(
        List.of(
            "format",
            "version",
            "index",
            "workload",
            "recall",
            "qps",
            "queries",
            "seconds",
            "latencyMs",
            "perQuery",
            "kernel",
            "slabs",
            "environment"),
        names(report));
    assertEquals("slab-bench", report.get("format").stringValue());
    assertEquals(1, report.get("version").intValue());
    JsonNode recall = report.get("recall");
    assertEquals(List.of("k", "mean", "worst", "queries", "incomplete", "judgedBy"), names(recall));
    // Of the second query's truth one row is wrong: 9 is as near as 7, and 1 is not.
    assertEquals(0.833333, recall.get("mean").doubleValue());
    assertEquals(0.666667, recall.get("worst").doubleValue());
    assertEquals(2, recall.get("queries").intValue());
    assertEquals("ids", recall.get("judgedBy").stringValue());
    assertEquals(8, report.get("queries").intValue());
    assertEquals(2, report.get("workload").get("warmup").intValue());
    assertEquals(
        List.of("mean", "p50", "p95", "p99", "max", "calls"), names(report.get("latencyMs")));
    assertEquals(8, report.get("latencyMs").get("calls").intValue());
    assertEquals(
        List.of(
            "cpuMs",
            "callerCpuMs",
            "bytesRead",
            "requests",
            "cellsScanned",
            "rowsScored",
            "rowsRescored"),
        names(report.get("perQuery")));
    assertEquals(12, report.get("perQuery").get("rowsScored").intValue());
    JsonNode slab = report.get("slabs").get(0);
    assertEquals(List.of("slab", "level", "rows", "bytes", "algorithm", "searched"), names(slab));
    assertEquals("exact", slab.get("algorithm").stringValue());
    assertEquals(8, slab.get("searched").get("full-scan").intValue());
    assertEquals(
        List.of(
            "slab",
            "jvm",
            "cores",
            "cpu",
            "os",
            "loadAverage",
            "maxHeapBytes",
            "peakResidentBytes"),
        names(report.get("environment")));
  }

  @Test
  void withoutAGroundTruthItSaysHowRecallIsJudged() {
    shell.ok("ingest", index, base);
    Shell.Result result =
        shell.run("bench", index, "--queries", queries, "-k", 3, "--batch", 2, "--seed", 5);
    assertEquals(0, result.code());
    assertTrue(result.out().contains("recall.judgedBy\texact-sample\n"), result.out());
    assertTrue(result.out().contains("recall.mean\t1\n"), result.out());
    assertTrue(result.out().contains("index.unflushed\t12\n"), result.out());
    assertTrue(result.out().contains("latencyMs.calls\t1\n"), result.out());
    assertEquals(
        "no ground truth: recall is that of a sample, judged by exact answers; see --ground-truth\n",
        result.err());
  }

  @Test
  void scoresAndIdsFromFiles() throws IOException {
    Path names = folder.resolve("names.jsonl");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      text.append("{\"id\":\"n").append(11 - i).append("\"}\n");
    }
    Files.writeString(names, text);
    shell.ok("ingest", index, base, "--metadata", names, "--bulk");
    Path truth = npy("truth.npy", "<i4", 1, 3, 8);
    assertEquals(
        1,
        bench("--ground-truth", truth, "--ids", names, "-k", 1)
            .get("recall")
            .get("mean")
            .doubleValue());
    // By the numbers in the ids, which run the other way, both are 11 - row.
    assertEquals(
        0,
        bench("--ground-truth", truth, "--id-prefix", "n", "-k", 1)
            .get("recall")
            .get("mean")
            .doubleValue());
    Path scores = npy("scores.npy", "<f4", 2, 0, 1, 0, 1);
    JsonNode judged = bench("--ground-truth-scores", scores, "-k", 2);
    assertEquals(1, judged.get("recall").get("mean").doubleValue());
    assertEquals("scores", judged.get("recall").get("judgedBy").stringValue());
  }

  @Test
  void badOptionsAreUsageErrors() {
    shell.ok("ingest", index, base);
    assertEquals(2, shell.run("bench", index).code());
    assertEquals(3, shell.run("bench", index, "--queries", folder.resolve("no")).code());
    Object[][] wrong = {
      {"--recall", "0"},
      {"--recall", "1.5"},
      {"--recall", "0.9", "--exact"},
      {"--duration", "1s", "--passes", 2},
      {"--ground-truth", "a", "--ground-truth-scores", "b"},
      {"--batch", 0},
      {"--threads", 0},
      {"--passes", 0},
      {"--warmup", -1},
      {"-k", 0},
      {"--ground-truth", base}
    };
    for (Object[] more : wrong) {
      Object[] words =
          Arrays.copyOf(new Object[] {"bench", index, "--queries", queries}, 4 + more.length);
      System.arraycopy(more, 0, words, 4, more.length);
      assertEquals(2, shell.run(words).code(), Arrays.toString(more));
    }
  }

  @Test
  void aMatrixGoesIntoAnEmptyNamespaceAsASlab() {
    Shell.Result first = shell.run("ingest", index, base, "--bulk", "-j");
    assertEquals(0, first.code());
    JsonNode doc = Json.parse("ingest", first.out());
    assertEquals(12, doc.get("upsertedCount").intValue());
    assertEquals("L1", doc.get("bulk").get("level").stringValue());
    assertEquals(12, doc.get("bulk").get("rows").intValue());
    assertTrue(first.err().startsWith("wrote 12 records to __default__ in "), first.err());
    assertEquals("id\n03\n", shell.ok("query", index, "-v", "[3,0]", "-k", 1, "--fields", "id"));
    // Again: its rows would replace others, for all that is known.
    assertEquals(4, shell.run("ingest", index, base, "--bulk").code());
    // Who says the number means it, and it goes through the log: nothing is there twice.
    Shell.Result second =
        shell.run("ingest", index, base, "--bulk", "--number-from", 0, "-o", "ndjson");
    assertEquals(0, second.code());
    assertTrue(
        second.err().startsWith("__default__ is not empty: writing through the log\n"),
        second.err());
    assertEquals(2, second.out().lines().count(), second.out());
    assertTrue(shell.ok("stats", index).contains("totalVectorCount\t12\n"));
    assertEquals(0, shell.run("verify", index).code());
  }

  @Test
  void whatDoesNotGoTogetherIsRefusedBeforeAnythingIsWritten() throws IOException {
    shell.input("");
    assertEquals(2, shell.run("ingest", index, "-", "--bulk").code());
    // A matrix may come from a pipe; this is none.
    shell.input("hello");
    assertEquals(2, shell.run("ingest", index, "-", "--format", "npy").code());
    assertEquals(2, shell.run("ingest", index, base, "--format", "csv").code());
    assertEquals(2, shell.run("ingest", index, base, "--on-error", "skip").code());
    assertEquals(2, shell.run("ingest", index, base, queries, "--bulk").code());
    assertEquals(3, shell.run("ingest", index, folder.resolve("no.npy")).code());
    Path nan = npy("nan.npy", "<f4", 2, 1, 2, Double.NaN, 4);
    Shell.Result result = shell.run("ingest", index, nan);
    assertEquals(2, result.code());
    assertTrue(result.err().contains("nan.npy: row 1: "), result.err());
    assertTrue(shell.ok("stats", index).contains("totalVectorCount\t0\n"));
    Shell.Result dry = shell.run("ingest", index, base, "--dry-run");
    assertEquals("dry run: 12 records would be written\n", dry.err());
    assertTrue(shell.ok("stats", index).contains("totalVectorCount\t0\n"));
  }
}
