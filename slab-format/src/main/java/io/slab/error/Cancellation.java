package io.slab.error;

/**
 * The switch behind a {@link CancellationToken}: the starter of a request makes one, hands it to
 * the request as its token, and cancels it from any thread. It cannot be taken back; the next
 * request has another one. Thread-safe.
 */
public final class Cancellation implements CancellationToken {
  private volatile boolean cancelled;

  /** Not cancelled yet. */
  public Cancellation() {}

  /** Asks the requests that carry this token to end. */
  public void cancel() {
    cancelled = true;
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }
}
