package io.slab.serve.gateway;

import io.slab.serve.api.ApiException;
import io.slab.serve.api.Status;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of bodies the server holds, those that are still on their way among them: a
 * thousand clients that send large bodies slowly must not fill the memory. Thread-safe.
 */
public final class BodyBudget {
  private final long most;
  private final AtomicLong held = new AtomicLong();

  /**
   * @param most bytes of all bodies together; one alone is always taken
   */
  public BodyBudget(long most) {
    this.most = most;
  }

  /** What one request holds of it. */
  public final class Share {
    private long taken;
    private boolean released;

    /**
     * Takes more.
     *
     * @throws ApiException when all requests together hold too much
     */
    public synchronized void take(long bytes) {
      if (released) {
        return;
      }
      taken += bytes;
      long all = held.addAndGet(bytes);
      if (all > most && all > taken) {
        throw new ApiException(
            Status.BUSY,
            "the server is busy: the bodies of other requests fill its memory; try again in a"
                + " moment");
      }
    }

    /** Gives all of it back, once. */
    public synchronized void release() {
      held.addAndGet(released ? 0 : -taken);
      released = true;
    }
  }

  /** The share of a new request. */
  public Share share() {
    return new Share();
  }
}
