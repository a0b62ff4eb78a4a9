package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code explain} and {@code query --profile-query} say, over three slabs and a log. */
class ExplainTest {
  @TempDir Path folder;
  private final Shell shell = new Shell();
  private String index;

  /** Slabs of the years 1900 to 1909, 1910 to 1919 and 1920 to 1929, and 1930 in the log. */
  @BeforeEach
  void fill() throws IOException {
    index = folder.resolve("books").toString();
    shell.ok("create", index, "--dimension", 2);
    for (int decade = 1900; decade < 1930; decade += 10) {
      shell.ok("ingest", index, records(decade, decade + 10), "--flush");
    }
    shell.ok("ingest", index, records(1930, 1931));
  }

  private Path records(int from, int to) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int year = from; year < to; year++) {
      String genre = year % 2 == 0 ? "novel" : "poetry";
      lines.append(
          "{\"id\":\"b%d\",\"values\":[%d,1],\"metadata\":{\"year\":%d,\"genre\":\"%s\"}}%n"
              .formatted(year, year - 1899, year, genre));
    }
    return Files.writeString(folder.resolve(from + ".jsonl"), lines);
  }

  private String text(Object... more) {
    Object[] words = new Object[more.length + 6];
    System.arraycopy(
        new Object[] {"explain", index, "--vector", "[1,1]", "-o", "table"}, 0, words, 0, 6);
    System.arraycopy(more, 0, words, 6, more.length);
    return shell.ok(words);
  }

  private JsonNode json(Object... more) {
    Object[] words = new Object[more.length + 5];
    System.arraycopy(new Object[] {"explain", index, "--vector", "[1,1]", "-j"}, 0, words, 0, 5);
    System.arraycopy(more, 0, words, 5, more.length);
    return Json.parse("output", shell.ok(words));
  }

  @Test
  void aSlabThatTheManifestExcludesIsNamedWithTheReason() {
    String filter = "{\"genre\":\"novel\",\"year\":{\"$gte\":1925}}";
    String text = text("--filter", filter);
    assertTrue(
        text.contains("not opened, the manifest excludes {\"year\":{\"$gte\":1925}}:"), text);
    assertTrue(
        text.replaceAll("\\s+│?\\s*", " ").contains("year is number from 1910 to 1919"), text);
    assertTrue(text.contains("\nfilter "), text);
    assertTrue(
        text.replaceAll("\\s+", " ").contains("31 records in 3 slabs and 1 in the log"), text);
    assertTrue(text.replaceAll("\\s+", " ").contains("-> 3 of them (9.7%)"), text);
    JsonNode slabs = json("--filter", filter).get("slabs");
    assertEquals(3, slabs.size());
    assertEquals("skipped-by-manifest", slabs.get(0).get("strategy").stringValue());
    assertTrue(slabs.get(0).get("filterPlan").isNull());
    assertEquals(2, slabs.get(2).get("matchingRows").intValue());
    assertEquals(0.2, slabs.get(2).get("selectivity").doubleValue());
    assertEquals(2, slabs.get(2).get("filterPlan").get("parts").size());
  }

  @Test
  void noFilterSaysWhyEverythingIsScanned() {
    String text = text();
    assertTrue(text.contains("full scan"), text);
    assertTrue(text.contains("no filter and no index to use"), text);
    assertTrue(text("--exact").contains("exactness was asked for"), text);
    assertTrue(text.contains("1 record in no slab yet, 1 of them match"), text);
    assertFalse(text.contains("\u001b["), text);
    assertTrue(text("--color", "always").contains("\u001b[1mfull scan"));
  }

  @Test
  void linesKeepToTheWidth() {
    String filter = "{\"genre\":{\"$in\":[\"novel\",\"poetry\",\"" + "x".repeat(200) + "\"]}}";
    for (String line : text("--filter", filter, "--width", 70).split("\n")) {
      assertTrue(line.length() <= 74, line);
    }
  }

  @Test
  void theProfileOfAQueryIsALineOfTalkOrAMember() {
    Shell.Result result = shell.run("query", index, "-v", "[1,1]", "--profile-query");
    assertEquals(0, result.code());
    assertTrue(result.err().startsWith("profile: 3 slabs searched, 0 skipped; "), result.err());
    assertFalse(result.out().contains("profile"));
    assertEquals("", shell.run("query", index, "-v", "[1,1]").err());
    JsonNode doc =
        Json.parse("output", shell.ok("query", index, "-v", "[1,1]", "--profile-query", "-j"));
    assertEquals(3, doc.get("profile").get("slabs").size());
  }

  @Test
  void aMisspeltWordNamesTheNearest() throws IOException {
    shell.ok("flush", index);
    Shell.Result field = shell.run("query", index, "-v", "[1,1]", "--filter", "{\"yaer\":1925}");
    assertEquals(0, field.code());
    assertTrue(
        field
            .err()
            .contains("no record has the field 'yaer'; did you mean year? use genre or year"),
        field.err());
    assertHint("did you mean json? use table, ", "stats", index, "-o", "jsno");
    assertHint(
        "did you mean always? use auto, always or never", "stats", index, "--color", "alway");
    assertHint("did you mean plain? ", "stats", index, "--progress", "plian");
    assertHint("did you mean checksums? ", "verify", index, "--level", "checksum");
    assertHint(
        "did you mean score? valid fields: ", "query", index, "-v", "[1,1]", "--fields", "scor");
    assertHint("did you mean dimension? valid", "describe", index, "--fields", "dimensoin");
    assertHint("$gte", "query", index, "-v", "[1,1]", "--filter", "{\"year\":{\"$gtee\":1}}");
  }

  private void assertHint(String hint, Object... words) {
    Shell.Result result = shell.run(words);
    assertEquals(2, result.code());
    assertTrue(result.err().contains(hint), result.err());
  }
}
