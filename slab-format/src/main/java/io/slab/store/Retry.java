package io.slab.store;

import io.slab.error.StoreException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Repeats an idempotent request while the store calls its failure temporary. Thread-safe. */
public final class Retry {
  /** The policy for every commit: four attempts within about a third of a second. */
  public static final Retry COMMIT = new Retry(4, 30);

  /** For stores that repeat requests by themselves. */
  public static final Retry NEVER = new Retry(1, 0);

  private final int attempts;
  private final long firstDelayMillis;

  /**
   * @param attempts at least 1, the first one included
   * @param firstDelayMillis pause after the first failure; it doubles each time and varies by half
   */
  public Retry(int attempts, long firstDelayMillis) {
    this.attempts = attempts;
    this.firstDelayMillis = firstDelayMillis;
  }

  /** Runs the request until it answers; throws the last failure otherwise. */
  public <T> T run(Supplier<T> request) {
    long delay = firstDelayMillis;
    for (int attempt = 1; ; attempt++) {
      try {
        return request.get();
      } catch (StoreException e) {
        if (e.kind() != StoreException.Kind.TEMPORARY || attempt == attempts) {
          throw e;
        }
        pause(delay);
        delay *= 2;
      }
    }
  }

  private static void pause(long millis) {
    if (millis <= 0) {
      return;
    }
    try {
      Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(
          StoreException.Kind.FAILED, "interrupted while waiting for the store", null, e);
    }
  }
}
