package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of the nearest records a query shows: good enough, different, one of a group. */
class QueryChoiceTest {
  @TempDir Path folder;
  private final Shell shell = new Shell();
  private Path index;

  @BeforeEach
  void make() {
    index = folder.resolve("index");
    shell.ok("create", index, "--dimension", 2, "--metric", "euclidean");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      // Two hundred of one group lie before the first of another.
      String group = i < 200 ? "near" : i < 250 ? "far" : "farther";
      lines.append(
          "{\"id\":\"%03d\",\"values\":[%d,0],\"metadata\":{\"g\":\"%s\"}}\n"
              .formatted(i, i, group));
    }
    shell.input(lines.toString()).ok("ingest", index, "-", "-q", "--flush");
    shell.input("");
  }

  private List<String> ask(Object... more) {
    List<Object> words = new ArrayList<>(List.of("query", index, "--vector", "[0,0]", "--json"));
    words.addAll(List.of(more));
    JsonNode matches = Json.parse("q", shell.ok(words.toArray())).get("matches");
    List<String> ids = new ArrayList<>();
    matches.forEach(match -> {
      ids.add(match.get("id").stringValue());
      assertEquals(2, match.size(), match.toString());
    });
    return ids;
  }

  @Test
  void oneOfEachGroupHoweverFarTheNextIs() {
    assertEquals(List.of("000", "200", "250"), ask("--group-by", "g", "-k", 3));
    assertEquals(List.of("000", "200"), ask("--group-by", "g", "-k", 2));
    assertEquals(List.of("000", "200", "250"), ask("--group-by", "g", "-k", 9));
    assertEquals(List.of("000"), ask("--group-by", "g", "-k", 9, "--min-score", 100));
  }

  @Test
  void distancesBeyondTheMinimumAreLeftOut() {
    assertEquals(List.of("000", "001", "002"), ask("--min-score", 4));
    assertEquals(List.of(), ask("--min-score", -1));
    String many = "{\"vector\":[299,0]}\n";
    String out =
        shell.input(many).ok("query", index, "--queries", "-", "--min-score", "1", "--json");
    assertEquals(2, Json.parse("q", out).get("results").get(0).get("matches").size());
  }

  @Test
  void differentMatchesAndWhatCannotBe() {
    assertEquals("000", ask("--mmr", 0.5, "-k", 2).getFirst());
    assertEquals(List.of("000", "001"), ask("--mmr", 1, "-k", 2));
    for (Object[] wrong :
        List.of(
            new Object[] {"--mmr", "2"},
            new Object[] {"--mmr", "0.5", "--group-by", "g"},
            new Object[] {"--mmr", "0.5", "-k", "1001"},
            new Object[] {"--min-score", "NaN"})) {
      List<Object> words = new ArrayList<>(List.of("query", index, "--vector", "[0,0]"));
      words.addAll(List.of(wrong));
      Shell.Result result = shell.run(words.toArray());
      assertEquals(2, result.code(), result.err());
      assertTrue(result.err().contains("--m"), result.err());
    }
  }

  /** Ids of the matches of each question. */
  private List<List<String>> askMany(Object... more) {
    String questions =
        "{\"vector\":[0,0]}\n{\"vector\":[299,0],\"top_k\":2}\n{\"vector\":[220,0]}\n";
    List<Object> words =
        new ArrayList<>(List.of("query", index, "--queries", "-", "-k", 3, "--json"));
    words.addAll(List.of(more));
    String out = shell.input(questions).ok(words.toArray());
    List<List<String>> all = new ArrayList<>();
    for (JsonNode result : Json.parse("q", out).get("results")) {
      List<String> ids = new ArrayList<>();
      result.get("matches").forEach(match -> ids.add(match.get("id").stringValue()));
      all.add(ids);
    }
    return all;
  }

  @Test
  void questionsOfAFileAreChosenForLikeSingleOnes() {
    assertEquals(
        List.of(List.of("000", "200", "250"), List.of("299", "249"), List.of("220", "199", "250")),
        askMany("--group-by", "g"));
    assertEquals(
        List.of(List.of("000"), List.of("299"), List.of("220")),
        askMany("--group-by", "g", "--min-score", 4));
    assertEquals(ask("--mmr", 0.5, "-k", 3), askMany("--mmr", 0.5).getFirst());
  }

  @Test
  void theSlabOfAMatchIsSaidInEveryForm() {
    for (List<Object> words :
        List.of(
            List.<Object>of("--vector", "[0,0]"),
            List.<Object>of("--vector", "[0,0]", "--prefix", "0"),
            List.<Object>of("--vector", "[0,0]", "--all-namespaces"))) {
      List<Object> all = new ArrayList<>(List.of("query", index, "--json", "--include-slab"));
      all.addAll(words);
      JsonNode match = Json.parse("q", shell.ok(all.toArray())).get("matches").get(0);
      assertEquals(26, match.get("slab").stringValue().length(), match.toString());
    }
    String many =
        shell
            .input("{\"vector\":[0,0]}\n")
            .ok("query", index, "--queries", "-", "--include-slab", "--json");
    JsonNode match = Json.parse("q", many).get("results").get(0).get("matches").get(0);
    assertEquals(26, match.get("slab").stringValue().length(), match.toString());
  }
}
