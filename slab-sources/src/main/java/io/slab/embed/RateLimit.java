package io.slab.embed;

import io.slab.error.CancellationToken;
import java.util.concurrent.CancellationException;

/** At most so many requests a minute, evenly spread. One thread only. */
final class RateLimit {
  private static final long STEP = 50;

  private final long gapNanos;
  private long next;
  private boolean first = true;

  /**
   * @param perMinute 0 for any number
   */
  RateLimit(int perMinute) {
    gapNanos = perMinute <= 0 ? 0 : 60_000_000_000L / perMinute;
  }

  /** Waits until the next request may go. */
  void await(CancellationToken cancellation) {
    long now = System.nanoTime();
    if (gapNanos > 0 && !first && next - now > 0) {
      sleep((next - now + 999_999) / 1_000_000, cancellation);
      now = System.nanoTime();
    }
    first = false;
    next = now + gapNanos;
  }

  /** Sleeps in short steps, so that who cancels does not wait. */
  static void sleep(long millis, CancellationToken cancellation) {
    long left = millis;
    while (left > 0) {
      cancellation.check();
      try {
        Thread.sleep(Math.min(left, STEP));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw interrupted();
      }
      left -= STEP;
    }
    cancellation.check();
  }

  static CancellationException interrupted() {
    return new CancellationException("interrupted while waiting for the embedder");
  }
}
