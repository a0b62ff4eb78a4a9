package io.slab.store;

import java.util.function.Consumer;

/**
 * What a store did by itself and its user should know; goes to stderr unless {@link #to} names a
 * listener.
 */
public final class Notices {
  private static volatile Consumer<String> listener =
      line -> System.err.println("warning: " + line);

  private Notices() {}

  /** Sends what comes from now on to another listener. */
  public static void to(Consumer<String> other) {
    listener = other;
  }

  /** Says it. */
  public static void tell(String line) {
    listener.accept(line);
  }
}
