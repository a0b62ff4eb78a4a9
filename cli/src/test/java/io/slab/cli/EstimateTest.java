package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb; the arithmetic has its own test in the library. */
class EstimateTest {
  @TempDir Path folder;
  private final Shell shell = new Shell();

  private JsonNode json(Object... words) {
    return Json.parse("output", shell.ok(words));
  }

  private Path facts() {
    Path index = folder.resolve("facts");
    Path root = Path.of(System.getProperty("slab.root"));
    shell.ok("create", index, "--dimension", 32);
    shell.ok("ingest", index, root.resolve("samples/facts.jsonl"), "--flush");
    return index;
  }

  @Test
  void anIndexThatIsThereIsForeseenAsItIs() throws IOException {
    Path index = facts();
    JsonNode estimate = json("estimate", index, "-j");
    double real = estimate.get("basis").get("bytes").doubleValue();
    assertEquals(1, estimate.get("compacted").get("bytes").doubleValue() / real, 0.05);
    assertEquals(425, estimate.get("records").intValue());
    Path slab;
    try (var files = Files.walk(index)) {
      slab = files.filter(f -> f.toString().endsWith(".slab")).findFirst().orElseThrow();
    }
    JsonNode ofSlab = json("estimate", slab, "-j");
    assertEquals(
        Json.text(estimate.get("compacted").get("sections")),
        Json.text(ofSlab.get("compacted").get("sections")));
    JsonNode tenfold = json("estimate", index, "--records", "4250", "-j").get("compacted");
    double vectors = estimate.get("compacted").get("sections").get("vectors").doubleValue();
    assertEquals(10 * vectors, tenfold.get("sections").get("vectors").doubleValue());
  }

  @Test
  void sectionsAndLevelsAddUp() {
    JsonNode estimate = json("estimate", "--records", "25M", "--dimension", 384, "-j");
    for (String state : new String[] {"compacted", "levelled"}) {
      JsonNode index = estimate.get(state);
      long sections = 0;
      for (JsonNode bytes : index.get("sections")) {
        sections += bytes.longValue();
      }
      long levels = 0;
      long rows = index.get("logged").longValue();
      for (JsonNode level : index.get("levels")) {
        levels += level.get("bytes").longValue();
        rows += level.get("slabs").longValue() * level.get("rowsEach").longValue();
      }
      assertEquals(index.get("bytes").longValue(), sections);
      assertEquals(index.get("bytes").longValue(), levels);
      assertEquals(25_000_000, rows);
    }
    String text =
        shell.ok("estimate", "--records", "25M", "--dimension", 384, "-o", "table", "--width", 80);
    text.lines().forEach(line -> assertTrue(line.length() <= 84, line));
  }

  @Test
  void pricesAreTheUsersToEdit() throws IOException {
    String shipped = shell.ok("estimate", "--print-prices");
    Path mine =
        Files.writeString(
            folder.resolve("mine.json"),
            shipped.replaceFirst("\"storagePerGiBMonth\": [0-9.]+", "\"storagePerGiBMonth\": 46"));
    JsonNode usual = json("estimate", "--records", "1M", "-d", 768, "-j");
    JsonNode dear = json("estimate", "--records", "1M", "-d", 768, "-j", "--prices", mine);
    double before = usual.get("costs").get(0).get("storage").doubleValue();
    double after = dear.get("costs").get(0).get("storage").doubleValue();
    assertEquals(2000, after / before, 5);
    assertEquals(Json.text(usual.get("costs").get(1)), Json.text(dear.get("costs").get(1)));
    Path broken = Files.writeString(folder.resolve("broken.json"), "{\"offers\":[]}");
    Shell.Result result = shell.run("estimate", "--records", 5, "-d", 2, "--prices", broken);
    assertEquals(2, result.code());
    assertTrue(result.err().contains("--print-prices"), result.err());
  }

  @Test
  void whatCannotBeIsAUsageError() {
    assertEquals(2, shell.run("estimate").code());
    assertEquals(2, shell.run("estimate", "--dimension", 5).code());
    assertEquals(2, shell.run("estimate", "--records", "many", "--dimension", 5).code());
    assertEquals(2, shell.run("estimate", "--records", 0, "--dimension", 5).code());
    assertEquals(2, shell.run("estimate", "--records", 5, "-d", 5, "--cold-share", 2).code());
    assertEquals(2, shell.run("estimate", "x", "--records", 5, "-d", 5).code());
    assertEquals(3, shell.run("estimate", folder.resolve("nothing")).code());
    Shell.Result metric = shell.run("estimate", "--records", 5, "-d", 5, "-m", "cosin");
    assertTrue(metric.err().contains("did you mean cosine?"), metric.err());
    Path empty = folder.resolve("empty");
    shell.ok("create", empty, "-d", 3);
    assertTrue(shell.run("estimate", empty).err().contains("has no slab to measure"));
  }
}
