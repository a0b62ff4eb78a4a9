package io.slab.format;

import java.util.function.Supplier;

/**
 * A value made on first use; a failure is not remembered, the next use tries again. Thread-safe.
 */
final class Lazy<T> {
  private final Supplier<T> maker;
  private volatile T value;

  Lazy(Supplier<T> maker) {
    this.maker = maker;
  }

  T get() {
    T result = value;
    if (result == null) {
      synchronized (this) {
        result = value;
        if (result == null) {
          result = maker.get();
          value = result;
        }
      }
    }
    return result;
  }

  /** Puts another value in its place. */
  void set(T other) {
    value = other;
  }
}
