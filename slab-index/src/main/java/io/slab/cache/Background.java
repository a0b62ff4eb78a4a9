package io.slab.cache;

import io.slab.store.Together;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** A request that was made before its answer is needed. Thread-safe. */
final class Background<T> {
  private final FutureTask<Long> task;
  private final long started = System.nanoTime();
  private volatile T value;

  Background(Supplier<T> request) {
    task = Together.start(() -> value = request.get());
  }

  /** True when the request was made longer ago than this. */
  boolean isOlderThan(long nanos) {
    return System.nanoTime() - started > nanos;
  }

  /** The answer, or the failure of the request. */
  T get() {
    io.slab.store.Traffic.meet(Together.await(task));
    return value;
  }
}
