package io.slab.bytes;

import java.util.concurrent.CancellationException;

/**
 * The wish that the work in progress ends soon: Ctrl-C in the interactive shell. Long loops ask
 * here between two steps, where nothing is half done. One wish for the whole process on purpose: a
 * terminal has one command in the foreground, and its work is spread over threads that know nothing
 * of each other. Only that shell sets it, so servers and libraries are not concerned. Thread-safe.
 */
public final class Cancellation {
  private static volatile boolean requested;

  private Cancellation() {}

  /** Asks all work to end. */
  public static void request() {
    requested = true;
  }

  /** Takes the wish back, before the next command. */
  public static void clear() {
    requested = false;
  }

  public static boolean requested() {
    return requested;
  }

  /**
   * Ends the work if that is wished.
   *
   * @throws CancellationException then
   */
  public static void check() {
    if (requested) {
      throw new CancellationException("interrupted");
    }
  }
}
