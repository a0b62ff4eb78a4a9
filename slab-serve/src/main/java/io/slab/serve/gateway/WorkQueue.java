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
 * refused at once. What rests until others have written takes no room in it. Thread-safe.
 */
public final class WorkQueue {
  /** Most that rest at once, for each that may wait for a place. */
  private static final int RESTING = 10;

  private final String name;
  private final Semaphore places;
  private final int most;
  private final int mostResting;
  private final long mostBytes;
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger resting = new AtomicInteger();
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
    this.mostResting = RESTING * waiting;
  }

  /** How many work or wait for a place. */
  public int inside() {
    return inside.get();
  }

  /** How many began to work, and wait for what others write. */
  public int resting() {
    return resting.get();
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
    // What rests keeps its body: it counts here, and a large one is taken only where it is alone.
    boolean large = bytes.addAndGet(weight) > mostBytes && inside.get() + resting.get() > 1;
    if (many || large) {
      inside.decrementAndGet();
      bytes.addAndGet(-weight);
      done.completeExceptionally(busy());
      return done;
    }
    Thread.ofVirtual().name("slab-", 0).start(() -> run(weight, work, done));
    return done;
  }

  private ApiException busy() {
    return new ApiException(
        Status.BUSY,
        "the server is busy: as many requests to "
            + name
            + " as it takes wait already; try again in a moment");
  }

  /** Where one request works. Once it rested it never counts as one that waits for a place. */
  private final class Seat implements Place.Seat {
    private boolean rested;

    @Override
    public void leave() {
      if (!rested) {
        if (resting.incrementAndGet() > mostResting) {
          resting.decrementAndGet();
          throw busy();
        }
        rested = true;
        inside.decrementAndGet();
      }
      places.release();
    }

    @Override
    public void take() {
      places.acquireUninterruptibly();
    }

    void end() {
      places.release();
      (rested ? resting : inside).decrementAndGet();
    }
  }

  private <T> void run(long weight, Supplier<T> work, CompletableFuture<T> done) {
    Seat seat = new Seat();
    seat.take();
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      Place.at(seat, () -> result.complete(work.get()));
    } catch (Throwable e) {
      result.completeExceptionally(e);
    } finally {
      seat.end();
      bytes.addAndGet(-weight);
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
