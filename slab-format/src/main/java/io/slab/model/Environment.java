package io.slab.model;

import java.security.SecureRandom;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What the library takes from outside besides storage: the time and randomness, injected so that a
 * test or a golden file gets the same bytes each time. Thread-safe when its parts are.
 *
 * @param clock milliseconds since the epoch
 * @param random source of identifiers; two writers of one index must never share a seed, since
 *     commits are told apart by these identifiers alone
 */
public record Environment(LongSupplier clock, RandomGenerator random) {
  /** The real clock and the system's secure randomness. */
  public static Environment system() {
    return new Environment(System::currentTimeMillis, new SecureRandom());
  }

  /** Milliseconds since the epoch. */
  public long now() {
    return clock.getAsLong();
  }

  /** A fresh identifier. */
  public Ulid newId() {
    return Ulid.of(now(), random.nextInt(), random.nextLong());
  }
}
