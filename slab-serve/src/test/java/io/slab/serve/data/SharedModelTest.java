package io.slab.serve.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.embed.Embedder;
import io.slab.embed.Embeddings;
import io.slab.error.CancellationToken;
import io.slab.model.EmbeddingSpec;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SharedModelTest {
  private static final EmbeddingSpec INDEX = new EmbeddingSpec("m", 1, false, "text");

  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch end = new CountDownLatch(1);

  /** Answers when the test says so. */
  private final class Slow implements Embedder {
    Slow() {
      open.incrementAndGet();
    }

    @Override
    public String model() {
      return "m";
    }

    @Override
    public String place() {
      return "this test";
    }

    @Override
    public Embeddings embed(List<String> texts, Kind kind, CancellationToken cancellation) {
      asked.incrementAndGet();
      begun.countDown();
      try {
        end.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return new Embeddings(List.of(new float[] {1}), -1);
    }

    @Override
    public void close() {
      open.decrementAndGet();
    }
  }

  @Test
  void aTextWhoseClientIsGoneIsNotSent() {
    SharedModel model = new SharedModel("m", Slow::new, "", "");
    assertThrows(CancellationException.class, () -> model.ofQuestion("a", INDEX, () -> true));
    assertEquals(0, asked.get());
    model.close();
  }

  @Test
  void anEmbedderThatIsAskedDuringTheCloseIsClosedAfterIt() throws Exception {
    SharedModel model = new SharedModel("m", Slow::new, "", "");
    CompletableFuture<float[]> answer =
        CompletableFuture.supplyAsync(() -> model.ofQuestion("a", INDEX, CancellationToken.NONE));
    begun.await();
    model.close();
    end.countDown();
    assertEquals(1, answer.get(10, TimeUnit.SECONDS)[0]);
    assertEquals(0, open.get());
  }
}
