package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that come as texts, and questions in words, with a server of embeddings. */
class TextIngestTest {
  private static final List<String> FACTS =
      List.of(
          "the cat sleeps on the warm roof",
          "an old ship sails over the cold sea",
          "bread and butter for breakfast",
          "a storm over the mountains at night");

  @TempDir Path folder;
  private final FakeEmbedder server = new FakeEmbedder();
  private final Shell shell = new Shell();
  private Path index;

  @BeforeEach
  void make() {
    index = folder.resolve("index");
    shell.with("HOME", folder.toString());
    shell.ok("create", index, "--dimension", FakeEmbedder.DIMENSION);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Path lines(String... lines) throws IOException {
    Path file = folder.resolve("texts-" + lines.length + ".jsonl");
    Files.writeString(file, String.join("\n", lines) + "\n");
    return file;
  }

  private Path facts() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < FACTS.size(); i++) {
      lines.add("{\"id\":\"f" + i + "\",\"text\":\"" + FACTS.get(i) + "\",\"n\":" + i + "}");
    }
    return lines(lines.toArray(String[]::new));
  }

  private Shell.Result ingest(Object file, Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "ingest",
                index,
                file,
                "--text-field",
                "text",
                "--embed-url",
                server.url(),
                "--embed-model",
                "m",
                "--json"));
    words.addAll(List.of(more));
    return shell.run(words.toArray());
  }

  private Shell.Result ask(Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of("query", index, "--embed-url", server.url(), "--embed-model", "m", "--json"));
    words.addAll(List.of(more));
    return shell.run(words.toArray());
  }

  private static String first(Shell.Result result) {
    assertEquals(0, result.code(), result.err());
    return Json.parse("answer", result.out()).get("matches").get(0).get("id").stringValue();
  }

  @Test
  void textsInAFileAreFoundByTheirWords() throws IOException {
    Shell.Result written = ingest(facts());
    assertEquals(0, written.code(), written.err());
    JsonNode embedded = Json.parse("out", written.out()).get("embedded");
    assertEquals(4, embedded.get("texts").intValue());
    assertEquals(27, embedded.get("tokens").intValue());
    assertTrue(written.err().contains("texts go to " + server.url()), written.err());
    assertEquals("f1", first(ask("--text", "which ship sails the sea")));
    assertEquals(FACTS, server.texts.subList(0, 4));
    // The text stays a field of the metadata.
    String found = shell.ok("fetch", index, "--ids", "f2", "--json");
    assertTrue(found.contains("bread and butter"), found);
  }

  @Test
  void recordsWithValuesAreLeftAndThoseWithNeitherRefused() throws IOException {
    String vector = FakeEmbedder.vector("one");
    Path file =
        lines(
            "{\"id\":\"a\",\"values\":" + vector + ",\"metadata\":{\"text\":\"mine\"}}",
            "{\"id\":\"b\",\"metadata\":{\"text\":\"yours\"}}",
            "{\"id\":\"c\",\"metadata\":{\"title\":\"no text\"}}",
            "{\"id\":\"d\",\"metadata\":{\"text\":7}}",
            "{\"id\":\"e\",\"metadata\":{\"text\":[\"two\",\"lines\"]}}");
    Path rejects = folder.resolve("rejects.jsonl");
    Shell.Result result = ingest(file, "--on-error", "skip", "--rejects", rejects);
    assertEquals(8, result.code(), result.err());
    assertEquals(List.of("yours", "two\nlines"), server.texts);
    String refused = Files.readString(rejects);
    assertTrue(refused.contains("neither 'values' nor a text in the field 'text'"), refused);
    assertTrue(refused.contains("its field 'text' is no text"), refused);
    assertEquals(2, refused.lines().count());
  }

  @Test
  void theIndexKnowsItsModelAndRefusesAnother() throws IOException {
    ingest(facts());
    JsonNode embedding = Json.parse("d", shell.ok("describe", index, "--json")).get("embedding");
    assertEquals("m", embedding.get("model").stringValue());
    assertEquals("text", embedding.get("textField").stringValue());
    assertFalse(embedding.get("normalized").booleanValue());
    int before = server.requests();
    Shell.Result other =
        shell.run(
            "query", index, "--embed-url", server.url(), "--embed-model", "n", "--text", "sea");
    assertEquals(4, other.code());
    assertTrue(other.err().contains("--embed-model m"), other.err());
    assertEquals(before, server.requests());
    Shell.Result more =
        shell.run(
            "ingest",
            index,
            facts(),
            "--text-field",
            "text",
            "--embed-url",
            server.url(),
            "--embed-model",
            "n");
    assertEquals(4, more.code(), more.err());
    assertEquals(before, server.requests());
    assertEquals("f0", first(ask("--text", "cat", "--embed-timeout", "9s")));
  }

  @Test
  void aFailureInTheMiddleKeepsWhatWasPaidForAndSaysWhereToGoOn() throws IOException {
    server.body =
        texts -> texts.getFirst().contains("bread") ? "{\"data\":[]}" : FakeEmbedder.openai(texts);
    Shell.Result stopped = ingest(facts(), "--embed-batch", "1");
    assertEquals(1, stopped.code(), stopped.err());
    assertTrue(stopped.err().contains("no vector"), stopped.err());
    String token = stopped.err().replaceAll("(?s).*resume token ([^)]*)\\).*", "$1");
    server.body = FakeEmbedder::openai;
    server.texts.clear();
    Shell.Result rest = ingest(facts(), "--resume", token);
    assertEquals(0, rest.code(), rest.err());
    assertEquals(FACTS.subList(2, 4), server.texts);
    assertEquals("f0", first(ask("--text", "cat sleeps")));
  }

  @Test
  void aTextThatTheModelRefusesIsARefusedRecord() throws IOException {
    server.body = texts -> FakeEmbedder.openai(texts);
    String tooLong = "{\"error\":{\"message\":\"input is too long\"}}";
    for (int i = 0; i < 2; i++) {
      server.faults.add(FakeEmbedder.Answer.of(400, tooLong));
    }
    Shell.Result result = ingest(facts(), "--on-error", "skip", "--embed-batch", "2");
    // The first two together, then the first of them alone.
    assertEquals(8, result.code(), result.err());
    assertTrue(result.err().contains("input is too long"), result.err());
    assertEquals(3, Json.parse("o", result.out()).get("upsertedCount").intValue());
  }

  @Test
  void aDryRunSendsNothing() throws IOException {
    Shell.Result result = ingest(facts(), "--dry-run");
    assertEquals(0, result.code(), result.err());
    assertEquals(0, server.requests());
    assertTrue(result.err().contains("would make vectors of 4 texts"), result.err());
  }

  @Test
  void manyQuestionsOfAFileAreAskedTogether() throws IOException {
    ingest(facts());
    server.texts.clear();
    int before = server.requests();
    String asked =
        "{\"id\":\"x\",\"text\":\"cat\"}\n{\"text\":\"butter\",\"top_k\":1}\n"
            + "{\"vector\":"
            + FakeEmbedder.vector(FACTS.get(3))
            + "}\n";
    Shell.Result result =
        shell
            .input(asked)
            .run(
                "query",
                index,
                "--queries",
                "-",
                "--embed-url",
                server.url(),
                "--embed-model",
                "m",
                "--json");
    assertEquals(0, result.code(), result.err());
    assertEquals(List.of("cat", "butter"), server.texts);
    assertEquals(before + 1, server.requests());
    JsonNode results = Json.parse("r", result.out()).get("results");
    assertEquals("f0", results.get(0).get("matches").get(0).get("id").stringValue());
    assertEquals("f2", results.get(1).get("matches").get(0).get("id").stringValue());
    assertEquals("f3", results.get(2).get("matches").get(0).get("id").stringValue());
  }

  @Test
  void prefixesGoBeforeTextsAndQuestions() throws IOException {
    ingest(facts(), "--prompt-prefix", "passage: ");
    ask("--text", "cat", "--query-prefix", "query: ");
    assertEquals("passage: " + FACTS.get(0), server.texts.getFirst());
    assertEquals("query: cat", server.texts.getLast());
  }

  @Test
  void normalisedVectorsStaySo() throws IOException {
    Path other = folder.resolve("dots");
    shell.ok("create", other, "--dimension", FakeEmbedder.DIMENSION, "--metric", "dotproduct");
    shell.ok(
        "ingest",
        other,
        facts(),
        "--text-field",
        "text",
        "--embed-url",
        server.url(),
        "--embed-model",
        "m",
        "--embed-normalize");
    String out =
        shell.ok(
            "query",
            other,
            "--text",
            FACTS.get(1),
            "--embed-url",
            server.url(),
            "--embed-model",
            "m",
            "-k",
            "1",
            "--json");
    double score = Json.parse("q", out).get("matches").get(0).get("score").doubleValue();
    assertEquals(1, score, 1e-5);
  }
}
