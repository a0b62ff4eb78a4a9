package io.slab.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.Cancellation;
import io.slab.error.CancellationToken;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.VectorType;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A query that is cancelled ends; the others of the same engine, at the same time, do not. */
class QueryCancellationTest {
  private final SplittableRandom random = new SplittableRandom(42);
  private final IndexSpec spec = Corpus.spec(Metric.COSINE, VectorType.DENSE, 16);
  private final Corpus.Source source =
      Corpus.spread(
          random.split(),
          spec,
          Corpus.records(random, 2000, i -> Corpus.gaussian(random, 16, 1), i -> null),
          5,
          1,
          false);
  private final QueryRequest request =
      new QueryRequest(Corpus.gaussian(random, 16, 1), null, null, 10, false, false);

  /** A token that stops at one question until it is let go on, wherever in the search that is. */
  private static final class Halting implements CancellationToken {
    final Cancellation cancellation = new Cancellation();
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final int at;

    Halting(int at) {
      this.at = at;
    }

    @Override
    public boolean isCancelled() {
      if (asked.incrementAndGet() == at) {
        reached.countDown();
        try {
          assertTrue(goOn.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
      return cancellation.isCancelled();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 6})
  void ofTwoQueriesAtOnceOneEnds(int at) throws Exception {
    // One thread: what halts is the caller of the one query, and no worker of the other.
    try (QueryEngine engine = new QueryEngine(spec, 1)) {
      List<Match> expected = engine.query(source, request).matches();
      Halting halting = new Halting(at);
      CompletableFuture<QueryResult> cancelled =
          CompletableFuture.supplyAsync(() -> engine.query(source, request, halting));
      assertTrue(halting.reached.await(60, TimeUnit.SECONDS));
      halting.cancellation.cancel();
      assertEquals(expected, engine.query(source, request, new Cancellation()).matches());
      halting.goOn.countDown();
      CompletionException e = assertThrows(CompletionException.class, cancelled::join);
      assertInstanceOf(CancellationException.class, e.getCause());
      assertEquals(expected, engine.query(source, request, new Cancellation()).matches());
    }
  }

  @Test
  void aBatchEndsWhicheverThreadAsks() {
    try (QueryEngine engine = new QueryEngine(spec, 4)) {
      List<QueryRequest> requests = List.of(request, request, request);
      for (int at = 1; at < 8; at++) {
        int most = at;
        AtomicInteger asked = new AtomicInteger();
        CancellationToken token = () -> asked.incrementAndGet() >= most;
        assertThrows(
            CancellationException.class, () -> engine.batch(source, requests, token), "at " + at);
      }
      assertEquals(
          engine.query(source, request).matches(),
          engine.batch(source, requests).getLast().matches());
    }
  }
}
