package io.slab.serve.api;

import java.util.concurrent.Semaphore;

/** The place at which the current thread works: while it waits for others it lets go of it. */
public final class Place {
  private static final ThreadLocal<Semaphore> HELD = new ThreadLocal<>();

  private Place() {}

  /** Does work at a place that the caller holds; it is held again when this returns. */
  public static void at(Semaphore places, Runnable work) {
    HELD.set(places);
    try {
      work.run();
    } finally {
      HELD.remove();
    }
  }

  /**
   * Waits, without a place.
   *
   * @throws java.util.concurrent.CancellationException when the thread is interrupted
   */
  public static void rest(long millis) {
    Semaphore held = HELD.get();
    if (held != null) {
      held.release();
    }
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.util.concurrent.CancellationException("interrupted");
    } finally {
      if (held != null) {
        held.acquireUninterruptibly();
      }
    }
  }
}
