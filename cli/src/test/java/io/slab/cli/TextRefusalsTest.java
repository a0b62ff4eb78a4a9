package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions and options that would be answered by something else than what was asked for. */
class TextRefusalsTest {
  @TempDir Path folder;
  private final FakeEmbedder server = new FakeEmbedder();
  private final Shell shell = new Shell();
  private Path index;
  private Path file;

  @BeforeEach
  void make() throws IOException {
    shell.with("HOME", folder.toString());
    index = folder.resolve("index");
    file = folder.resolve("texts.jsonl");
    Files.writeString(
        file,
        "{\"id\":\"a\",\"text\":\"red apples\"}\n{\"id\":\"b\",\"text\":\"red wine and apples\"}\n");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void create(Object... more) {
    List<Object> words =
        new ArrayList<>(List.of("create", index, "--dimension", FakeEmbedder.DIMENSION));
    words.addAll(List.of(more));
    shell.ok(words.toArray());
  }

  private Shell.Result embedding(Object... words) {
    List<Object> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--embed-url", server.url(), "--embed-model", "m"));
    return shell.run(all.toArray());
  }

  private Shell.Result ingest(Object... more) {
    List<Object> words = new ArrayList<>(List.of("ingest", index, file, "--text-field", "text"));
    words.addAll(List.of(more));
    return embedding(words.toArray());
  }

  private static void fails(int code, String words, Shell.Result result) {
    assertEquals(code, result.code(), result.err());
    assertTrue(result.err().contains(words), result.err());
  }

  @Test
  void aScoreOfWordsIsGoodWhereItIsHigh() throws IOException {
    create("--metric", "euclidean", "--text-index", "text");
    assertEquals(0, ingest().code());
    String all = shell.ok("query", index, "--text", "wine", "--json");
    double best = Json.parse("q", all).get("matches").get(0).get("score").doubleValue();
    Path queries = folder.resolve("queries.jsonl");
    Files.writeString(queries, "{\"text\":\"wine\"}\n");
    String some = shell.ok("query", index, "--queries", queries, "--json", "--min-score", best / 2);
    JsonNode matches = Json.parse("q", some).get("results").get(0).get("matches");
    assertEquals("b", matches.get(0).get("id").stringValue());
    assertFalse(
        shell.ok("query", index, "--queries", queries, "--min-score", best * 2).contains("b "));
  }

  @Test
  void vectorsOfOneIndexAreAllScaledOrNone() {
    create("--metric", "dotproduct");
    assertEquals(0, ingest().code());
    int before = server.requests();
    fails(4, "leave --embed-normalize out", ingest("--embed-normalize"));
    assertEquals(before, server.requests());
    Path scaled = folder.resolve("scaled");
    assertEquals(0, embedding("create", scaled, "--metric", "dotproduct").code());
    // Only its model is recorded.
    index = scaled;
    assertEquals(0, ingest("--embed-normalize").code());
    String described = shell.ok("describe", scaled, "--json");
    assertTrue(Json.parse("d", described).get("embedding").get("normalized").booleanValue());
    assertEquals(0, ingest().code());
    assertEquals(0, ingest("--embed-normalize").code());
  }

  @Test
  void wordsAndSparseValuesAreNotAskedTogether() {
    create("--text-index", "text");
    assertEquals(0, ingest().code());
    Object[] sparse = {"--sparse-indices", "[1]", "--sparse-values", "[1]"};
    for (String mode : List.of("text", "hybrid")) {
      List<Object> words =
          new ArrayList<>(List.of("query", index, "--text", "wine", "--mode", mode));
      words.addAll(List.of(sparse));
      if (mode.equals("hybrid")) {
        words.addAll(List.of("--vector", FakeEmbedder.vector("wine")));
      }
      fails(2, "words and sparse values exclude each other", shell.run(words.toArray()));
    }
  }

  @Test
  void questionsOfAFileAreAskedAsSingleOnesAre() throws IOException {
    create("--text-index", "text");
    assertEquals(0, ingest().code());
    Path queries = folder.resolve("queries.jsonl");
    String own = FakeEmbedder.vector("apples");
    Files.writeString(
        queries, "{\"text\":\"wine\"}\n{\"text\":\"apples\",\"vector\":" + own + "}\n");
    int before = server.requests();
    Shell.Result both = embedding("query", index, "--queries", queries, "--json");
    assertEquals(0, both.code(), both.err());
    // The second one has a vector of its own.
    assertEquals(before + 1, server.requests());
    assertEquals("wine", server.texts.getLast());
    JsonNode results = Json.parse("answers", both.out()).get("results");
    Shell.Result one = embedding("query", index, "--text", "wine", "--json");
    assertEquals(
        Json.parse("answer", one.out()).get("matches").toString(),
        results.get(0).get("matches").toString());
    Shell.Result two = shell.run("query", index, "--text", "apples", "--vector", own, "--json");
    assertEquals(
        Json.parse("answer", two.out()).get("matches").toString(),
        results.get(1).get("matches").toString());
    // Where there is no embedder the words alone are asked, as by --text.
    String words =
        shell.ok(
            "query",
            index,
            "--queries",
            queries,
            "--mode",
            "hybrid",
            "--json",
            "-k",
            1,
            "--embed-url",
            server.url(),
            "--embed-model",
            "m");
    assertTrue(words.contains("queryId"), words);
    fails(
        2,
        "--mode text takes one",
        shell.run("query", index, "--queries", queries, "--mode", "text"));
    Files.writeString(queries, "{\"text\":\"wine\"}\n{\"vector\":" + own + "}\n");
    assertEquals(0, shell.run("query", index, "--queries", queries).code());
    for (String mode : List.of("text", "hybrid")) {
      fails(
          2,
          "queries.jsonl:2: no text, and --mode " + mode,
          embedding("query", index, "--queries", queries, "--mode", mode));
    }
  }

  @Test
  void aScopeOfVectorsSendsNoText() {
    create("--text-index", "text");
    assertEquals(0, ingest().code());
    int before = server.requests();
    String[][] scopes = {{"--prefix", "a"}, {"--all-namespaces"}, {"--offset", "1"}};
    for (String[] scope : scopes) {
      List<Object> words = new ArrayList<>(List.of("query", index, "--text", "wine"));
      words.addAll(List.of(scope));
      fails(2, scope[0] + " goes with vectors", embedding(words.toArray()));
      assertEquals(before, server.requests());
      words.addAll(List.of("--mode", "dense"));
      assertEquals(0, embedding(words.toArray()).code());
      before = server.requests();
    }
  }

  @Test
  void explainShowsBothSearchesOfAVectorAndWords() {
    create("--metric", "cosine", "--text-index", "text");
    assertEquals(0, ingest().code());
    Object vector = FakeEmbedder.vector("wine");
    Object[] both = {"explain", index, "--text", "wine", "--vector", vector, "-o", "table"};
    String tree = shell.ok(both);
    assertTrue(tree.contains("search 1 of 2, by the vector: query of namespace"), tree);
    assertTrue(tree.contains("search 2 of 2, by the words: query of namespace"), tree);
    both[7] = "json";
    JsonNode doc = Json.parse("both", shell.ok(both));
    JsonNode words = doc.get("words");
    both[7] = "ndjson";
    assertEquals(
        words.get("matches"), Json.parse("line", shell.ok(both)).get("words").get("matches"));
    JsonNode alone = Json.parse("alone", shell.ok("explain", index, "--text", "wine", "--json"));
    assertEquals(alone.get("matches"), words.get("matches"));
    assertEquals(doc.get("slabs").size(), words.get("slabs").size());
    assertTrue(alone.get("words") == null, "one search");
    shell.ok("explain", index, "--vector", vector);
  }

  @Test
  void explainAsksWhatQueryAsks() {
    create("--metric", "dotproduct", "--text-index", "text");
    assertEquals(0, ingest().code());
    Object[] both = {"--text", "wine", "--vector", FakeEmbedder.vector("wine"), "--alpha", "0.5"};
    List<Object> words = new ArrayList<>(List.of("explain", index, "--json"));
    words.addAll(List.of(both).subList(0, 4));
    // Without a weight the ranks of two searches are put together, under this metric too.
    assertTrue(Json.parse("two", shell.ok(words.toArray())).get("words") != null, "two searches");
    words.addAll(List.of(both).subList(4, 6));
    assertTrue(Json.parse("one", shell.ok(words.toArray())).get("words") == null, "one search");
  }

  @Test
  void aFilterOnTheTextSaysHowToAskForIt() {
    create("--text-index", "text");
    assertEquals(0, ingest().code());
    Object[] ask = {"query", index, "--text", "wine", "--filter", "{\"text\":\"red\"}"};
    fails(2, "the field 'text' is asked for by its words", shell.run(ask));
  }

  @Test
  void inspectCallsTermsTerms() throws IOException {
    create("--text-index", "text");
    assertEquals(0, ingest().code());
    shell.ok("flush", index);
    try (var files = Files.walk(index)) {
      Path slab = files.filter(f -> f.toString().endsWith(".slab")).findFirst().orElseThrow();
      for (Object[] row : List.of(new Object[] {"--row", "0"}, new Object[] {"--id", "a"})) {
        String shown = shell.ok("inspect", slab, row[0], row[1], "--json");
        assertFalse(shown.contains("sparse_values"), shown);
        assertTrue(Json.parse("row", shown).get("terms").get("indices").size() > 1, shown);
      }
    }
  }

  @Test
  void addressesAndTimesAreOnes() {
    create();
    Object[] ask = {"query", index, "--text", "x", "--embed-model", "m", "--embed-url", null};
    ask[7] = "http://127.0.0.1:99999/v1";
    fails(2, "is no URL", shell.run(ask));
    fails(2, "at most 7d", embedding("query", index, "--text", "x", "--embed-timeout", "200000d"));
    shell.with("SLAB_EMBED_KEY", "sk-mine");
    server.faults.add(new FakeEmbedder.Answer(302, "", "Location", "http://x.test/?k=sk-mine"));
    Shell.Result moved = embedding("query", index, "--text", "x");
    fails(1, "http://x.test/?k=***", moved);
    assertFalse(moved.err().contains("sk-mine"), moved.err());
  }

  @Test
  void settingsOfAnotherUserDoNotCount() throws IOException {
    create();
    Path settings = folder.resolve("home/.config/slab/config.json");
    Files.createDirectories(settings.getParent());
    Files.writeString(
        settings, "{\"embed\":{\"url\":\"%s\",\"model\":\"m\"}}".formatted(server.url()));
    Files.setPosixFilePermissions(settings, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(
        settings.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
    shell.with("HOME", folder.resolve("home").toString());
    assertEquals(0, shell.run("query", index, "--text", "x").code());
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root"), "only root gives files away");
    try {
      Files.setAttribute(settings, "unix:uid", 12_345);
      Files.setAttribute(settings.getParent(), "unix:uid", 12_345);
      Files.setAttribute(folder.resolve("home"), "unix:uid", 12_345);
    } catch (IOException e) {
      Assumptions.abort("no files of others here: " + e.getMessage());
    }
    fails(2, "belongs to 12345", shell.run("query", index, "--text", "x"));
  }

  @Test
  void aModelThatRefusesEveryTextStopsTheRun() {
    create();
    for (int i = 0; i < 3; i++) {
      server.faults.add(FakeEmbedder.Answer.of(400, "{\"error\":\"no embedding model\"}"));
    }
    Shell.Result result = ingest("--on-error", "skip");
    fails(1, "refused each of the first 2 texts", result);
    assertTrue(result.err().contains("no embedding model"), result.err());
    assertEquals(3, server.requests());
  }
}
