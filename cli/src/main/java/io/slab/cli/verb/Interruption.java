package io.slab.cli.verb;

/** Whether a signal is the usual end of what runs: then the user need not be told of it. */
public final class Interruption {
  private static volatile boolean expected;

  private Interruption() {}

  /** From now on this process ends by a signal, and the verb does what is to be done then. */
  public static void expect() {
    expected = true;
  }

  /** Whether that was said. */
  public static boolean isExpected() {
    return expected;
  }
}
