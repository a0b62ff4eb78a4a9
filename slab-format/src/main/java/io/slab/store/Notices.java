package io.slab.store;

import java.util.function.Consumer;

/** What a store did by itself and its user should know; goes to stderr unless somebody listens. */
public final class Notices {
  private static volatile Consumer<String> listener =
      line -> System.err.println("warning: " + line);

  private Notices() {}

  /** Sends what comes from now on to somebody else. */
  public static void to(Consumer<String> other) {
    listener = other;
  }

  /** Says it. */
  public static void tell(String line) {
    listener.accept(line);
  }
}
