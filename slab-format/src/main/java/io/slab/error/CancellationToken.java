package io.slab.error;

import java.util.concurrent.CancellationException;

/**
 * Says whether the owner of a request still wants it done. The request carries the token; long
 * loops ask it between two steps, where nothing is half done. Two requests of one process have two
 * tokens, so that one ends and the other goes on. Asked by several threads at once, and often: an
 * answer must be cheap, and once it is true it stays true.
 */
@FunctionalInterface
public interface CancellationToken {
  /** The token of a request that cannot be cancelled. */
  CancellationToken NONE = new NeverCancelled();

  /** True once the request shall end. */
  boolean isCancelled();

  /**
   * Hears how far a phase of the work is; does nothing unless its owner wants to know. Called with
   * 0 when a phase begins and with the total when it ends; in between by several threads at once,
   * so that a smaller number may follow a larger one.
   *
   * @param phase a word or two for people
   * @param unit what is counted, or null
   * @param done of {@code total}
   */
  default void progress(String phase, String unit, long done, long total) {}

  /**
   * Ends the work of a request that is cancelled.
   *
   * @throws CancellationException then
   */
  default void check() {
    if (isCancelled()) {
      throw new CancellationException("interrupted");
    }
  }
}
