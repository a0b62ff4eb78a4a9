package io.slab.error;

/**
 * The token of a request that cannot be cancelled. A class and no lambda: what initialises an
 * interface is not in the start-up cache, and the first lambda made in a process costs a short
 * command milliseconds.
 */
final class NeverCancelled implements CancellationToken {
  @Override
  public boolean isCancelled() {
    return false;
  }
}
