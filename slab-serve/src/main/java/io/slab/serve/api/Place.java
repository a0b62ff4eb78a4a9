package io.slab.serve.api;

import java.util.function.Supplier;

/** The place at which the current thread works: while it waits for others it lets go of it. */
public final class Place {
  private static final ThreadLocal<Seat> HELD = new ThreadLocal<>();

  private Place() {}

  /** A place of a queue, held by one thread. */
  public interface Seat {
    /**
     * Lets go of it, for others to work there.
     *
     * @throws ApiException when so many wait already that no more may; it is held then
     */
    void leave();

    /** Waits until it is free again, and holds it. */
    void take();
  }

  /** Does work at a place that the caller holds; it is held again when this returns. */
  public static void at(Seat seat, Runnable work) {
    HELD.set(seat);
    try {
      work.run();
    } finally {
      HELD.remove();
    }
  }

  /**
   * Does what takes no processor here, without a place: it is held again when this returns.
   *
   * @throws ApiException when so many wait already that no more may
   */
  public static <T> T away(Supplier<T> work) {
    Seat held = HELD.get();
    if (held == null) {
      return work.get();
    }
    held.leave();
    try {
      return work.get();
    } finally {
      held.take();
    }
  }

  /**
   * Waits, without a place.
   *
   * @throws java.util.concurrent.CancellationException when the thread is interrupted
   * @throws ApiException when so many wait already that no more may
   */
  public static void rest(long millis) {
    Boolean unused =
        away(() -> {
          try {
            Thread.sleep(millis);
            return true;
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.util.concurrent.CancellationException("interrupted");
          }
        });
  }
}
