package io.slab.serve.gateway;

import io.slab.serve.api.ApiException;
import io.slab.serve.api.Place;
import io.slab.serve.api.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Blocking work on virtual threads: so much at once, so much that waits, and what is more is
 * refused at once. Thread-safe.
 */
public final class WorkQueue {
  private final String name;
  private final Semaphore places;
  private final int most;
  private final long mostBytes;
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  /**
   * @param running how many work at once
   * @param waiting how many may wait for a place
   * @param mostBytes of the bodies of all of them together; one alone is always taken
   */
  public WorkQueue(String name, int running, int waiting, long mostBytes) {
    this.name = name;
    this.mostBytes = mostBytes;
    this.places = new Semaphore(running, true);
    this.most = running + waiting;
  }

  /** How many work or wait. */
  public int inside() {
    return inside.get();
  }

  /**
   * Starts work.
   *
   * @param weight bytes of the request's body
   * @return fails with what the work throws, or at once with an {@link ApiException} when the queue
   *     is full
   */
  public <T> CompletableFuture<T> submit(long weight, Supplier<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    boolean many = inside.incrementAndGet() > most;
    boolean large = bytes.addAndGet(weight) > mostBytes && inside.get() > 1;
    if (many || large) {
      leave(weight);
      done.completeExceptionally(
          new ApiException(
              Status.BUSY,
              "the server is busy: as many requests to "
                  + name
                  + " as it takes wait already; try again in a moment"));
      return done;
    }
    Thread.ofVirtual().name("slab-", 0).start(() -> run(weight, work, done));
    return done;
  }

  private void leave(long weight) {
    inside.decrementAndGet();
    bytes.addAndGet(-weight);
  }

  private <T> void run(long weight, Supplier<T> work, CompletableFuture<T> done) {
    places.acquireUninterruptibly();
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      Place.at(places, () -> result.complete(work.get()));
    } catch (Throwable e) {
      result.completeExceptionally(e);
    } finally {
      places.release();
      leave(weight);
    }
    CompletableFuture<T> unused =
        result.whenComplete((value, failure) -> {
          if (failure == null) {
            done.complete(value);
          } else {
            done.completeExceptionally(failure);
          }
        });
  }
}
