package io.slab.serve.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.serve.api.Place;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorkQueueTest {
  private final CountDownLatch end = new CountDownLatch(1);

  /** Work that rests until the end of the test. */
  private CompletableFuture<Boolean> rest(WorkQueue queue, long weight) throws Exception {
    CountDownLatch rests = new CountDownLatch(1);
    CompletableFuture<Boolean> done =
        queue.submit(
            weight,
            () ->
                Place.away(() -> {
                  rests.countDown();
                  try {
                    return end.await(20, TimeUnit.SECONDS);
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                }));
    while (!done.isDone() && !rests.await(1, TimeUnit.MILLISECONDS)) {
      Thread.onSpinWait();
    }
    return done;
  }

  @Test
  void bodiesOfWhatRestsCount() throws Exception {
    WorkQueue queue = new WorkQueue("read", 1, 10, 100);
    CompletableFuture<Boolean> large = rest(queue, 150);
    assertFalse(large.isDone(), "it is alone");
    assertEquals(1, queue.resting());
    assertTrue(rest(queue, 90).isCompletedExceptionally(), "more bytes than the queue may hold");
    end.countDown();
    assertTrue(large.get(10, TimeUnit.SECONDS));
  }
}
