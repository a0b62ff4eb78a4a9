package io.slab.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CancellationToken;
import io.slab.error.StoreException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Programs that do not keep to one line for a line. */
class CommandEmbedderTest {
  private static Embeddings ask(CommandEmbedder embedder, String text) {
    return embedder.embed(List.of(text), Embedder.Kind.DOCUMENT, CancellationToken.NONE);
  }

  @Test
  void aLineTooManyIsNoAnswerToTheNextQuestion() throws InterruptedException {
    String twice = "while read line; do printf '[[1]]\\n[[2]]\\n'; done";
    try (CommandEmbedder embedder = new CommandEmbedder(twice, "m", Duration.ofSeconds(20))) {
      assertEquals(1, ask(embedder, "a").vectors().getFirst()[0]);
      Thread.sleep(200);
      StoreException refused = assertThrows(StoreException.class, () -> ask(embedder, "b"));
      assertTrue(
          refused.getMessage().contains("printed more lines than it was asked for"),
          refused.getMessage());
    }
  }

  @Test
  void aProgramThatReadsNothingIsEndedInTime() {
    // More than any pipe holds; the program does not let itself be ended either.
    String text = "x".repeat(4 << 20);
    long start = System.nanoTime();
    try (CommandEmbedder embedder =
        new CommandEmbedder("trap '' TERM; sleep 61; sleep 61", "m", Duration.ofMillis(300))) {
      StoreException late = assertThrows(StoreException.class, () -> ask(embedder, text));
      assertEquals(StoreException.Kind.TEMPORARY, late.kind());
      assertTrue(
          late.getMessage().contains("did not read the texts within 300 ms"), late.getMessage());
    }
    assertTrue(System.nanoTime() - start < 30_000_000_000L);
    assertEquals(
        List.of(),
        ProcessHandle.current()
            .descendants()
            .flatMap(process -> process.info().commandLine().stream())
            .filter(line -> line.contains("sleep 61"))
            .toList());
  }
}
