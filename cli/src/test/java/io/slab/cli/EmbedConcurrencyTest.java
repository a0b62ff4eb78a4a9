package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several requests to the embedder at once: bounded, in order, and slowed down together. */
class EmbedConcurrencyTest {
  private static final int TEXTS = 120;

  @TempDir Path folder;
  private final FakeEmbedder server = new FakeEmbedder();
  private final Shell shell = new Shell();
  private Path index;
  private Path file;

  @BeforeEach
  void make() throws IOException {
    index = folder.resolve("index");
    file = folder.resolve("texts.jsonl");
    shell.with("HOME", folder.toString());
    shell.ok("create", index, "--dimension", FakeEmbedder.DIMENSION);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < TEXTS; i++) {
      lines.add("{\"id\":\"%03d\",\"text\":\"%s\"}".formatted(i, text(i)));
    }
    Files.write(file, lines);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String text(int i) {
    return "number " + i + " of the words w" + i * i;
  }

  private Shell.Result ingest(Object... more) {
    List<Object> words =
        new ArrayList<>(List.of("ingest", index, file, "--text-field", "text", "--json"));
    words.addAll(List.of("--embed-batch", "5", "--embed-url", server.url(), "--embed-model", "m"));
    words.addAll(List.of(more));
    return shell.run(words.toArray());
  }

  private void requireAll(int from, int to) {
    String found = shell.ok("fetch", index, "--filter", "{}", "--limit", TEXTS, "--json");
    JsonNode records = Json.parse("found", found).get("vectors");
    assertEquals(to - from, records.size());
    for (int i = from; i < to; i++) {
      JsonNode record = records.get("%03d".formatted(i));
      assertEquals(FakeEmbedder.vector(text(i)), record.get("values").toString(), text(i));
    }
  }

  @Test
  void aFewAreOnTheirWayAtOnceAndEachRecordGetsItsOwnVector() {
    server.answerMillis = 20;
    assertEquals(0, ingest().code());
    assertEquals(TEXTS / 5, server.requests());
    assertTrue(server.mostBusy.get() > 1 && server.mostBusy.get() <= 4, "" + server.mostBusy);
    // The first batch goes alone: it shows whether the model is the right one.
    assertEquals(text(0), server.texts.getFirst());
    requireAll(0, TEXTS);
  }

  @Test
  void oneAtATimeIsOne() {
    server.answerMillis = 5;
    assertEquals(0, ingest("--embed-concurrency", "1").code());
    assertEquals(1, server.mostBusy.get());
    for (String wrong : List.of("0", "65")) {
      assertEquals(2, ingest("--embed-concurrency", wrong).code());
    }
  }

  @Test
  void aServerThatHasTooMuchToDoIsAskedAgain() {
    for (int i = 0; i < 6; i++) {
      server.faults.add(new FakeEmbedder.Answer(429, "{}", "retry-after-ms", "30"));
    }
    assertEquals(0, ingest().code());
    assertEquals(TEXTS / 5 + 6, server.requests());
    requireAll(0, TEXTS);
  }

  @Test
  void whatCameBeforeAFailureIsWrittenAndNothingAfterIt() {
    server.body = texts -> texts.contains(text(62)) ? "{\"data\":[]}" : FakeEmbedder.openai(texts);
    Shell.Result stopped = ingest();
    assertEquals(1, stopped.code(), stopped.err());
    requireAll(0, 60);
    String token = stopped.err().replaceAll("(?s).*resume token ([^)]*)\\).*", "$1");
    server.body = FakeEmbedder::openai;
    assertEquals(0, ingest("--resume", token).code());
    requireAll(0, TEXTS);
  }

  @Test
  void aFailureOfOneRequestDoesNotLoseWhatTheOthersCost() {
    server.answerMillis = 10;
    AtomicBoolean failed = new AtomicBoolean();
    server.body =
        texts ->
            texts.contains(text(62)) && failed.compareAndSet(false, true)
                ? "{\"data\":[]}"
                : FakeEmbedder.openai(texts);
    Shell.Result result = ingest();
    assertEquals(0, result.code(), result.err());
    // The one that failed is asked for again, and no other one.
    assertEquals(TEXTS / 5 + 1, server.requests());
    requireAll(0, TEXTS);
  }

  @Test
  void recordsBeforeADamagedLineAreWrittenFirst() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.set(71, "{\"id\":");
    Files.write(file, lines);
    server.answerMillis = 5;
    Shell.Result stopped = ingest();
    assertEquals(8, stopped.code(), stopped.err());
    assertTrue(stopped.err().contains("texts.jsonl:72"), stopped.err());
    requireAll(0, 71);
  }

  @Test
  void theRateIsOneForAll() throws IOException {
    Files.write(file, Files.readAllLines(file).subList(0, 20));
    long start = System.nanoTime();
    // Twelve requests a second; the first of the four comes at once.
    assertEquals(0, ingest("--embed-rate", "720").code());
    assertTrue(System.nanoTime() - start >= 3 * 1_000_000_000L / 12);
  }

  @Test
  void theTurnOfARepetitionIsNoneOfTheTimeOfTheRequest() throws IOException {
    Files.write(file, Files.readAllLines(file).subList(0, 5));
    server.faults.add(new FakeEmbedder.Answer(503, "{}", "retry-after-ms", "0"));
    // The second request may start two seconds after the first.
    assertEquals(0, ingest("--embed-rate", "30", "--embed-timeout", "1900ms").code());
    assertEquals(2, server.requests());
  }
}
