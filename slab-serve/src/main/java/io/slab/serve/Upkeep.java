package io.slab.serve;

import io.slab.serve.catalog.Catalog;
import io.slab.serve.catalog.LiveNamespace;
import io.slab.serve.catalog.ServedIndex;
import io.slab.serve.gateway.Metrics;
import java.time.Duration;

/**
 * Builds slabs in the background: flushes what was not written to for a while, compacts what is
 * due, and removes what nobody needs. One thread, one piece of work at a time; several servers that
 * do so at once cost time and never data.
 */
final class Upkeep implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration IDLE = Duration.ofMinutes(10);
  private static final Duration GARBAGE = Duration.ofDays(1);

  private final Catalog catalog;
  private final Metrics metrics;
  private final Duration flushAfter;
  private final Thread thread;
  private volatile boolean ending;
  private long collectedAt = System.nanoTime();

  /**
   * @param flushAfter how long a namespace is not written to before what it holds is flushed
   */
  Upkeep(Catalog catalog, Metrics metrics, Duration flushAfter) {
    this.catalog = catalog;
    this.metrics = metrics;
    this.flushAfter = flushAfter;
    this.thread = Thread.ofPlatform().daemon().name("slab-upkeep").unstarted(this::run);
  }

  Upkeep start() {
    thread.start();
    return this;
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(PAUSE);
        boolean collect = System.nanoTime() - collectedAt > GARBAGE.toNanos();
        for (ServedIndex index : catalog.open()) {
          for (LiveNamespace namespace : index.open()) {
            care(index, namespace, collect);
          }
        }
        collectedAt = collect ? System.nanoTime() : collectedAt;
      }
    } catch (InterruptedException e) {
      // Asked to end: whatever was being built is left, and nothing names it.
      return;
    }
  }

  private void care(ServedIndex index, LiveNamespace namespace, boolean collect)
      throws InterruptedException {
    try {
      long write = namespace.unflushedFor(flushAfter);
      if (write != 0) {
        timed("flush", () -> namespace.namespace().flush());
        namespace.flushed(write);
      }
      if (namespace.takeCompactionDue()) {
        timed("compact", () -> namespace.namespace().compact());
      }
      if (collect) {
        timed("gc", () -> namespace.namespace().collectGarbage(GARBAGE));
      }
      namespace.releaseIdle(IDLE);
    } catch (RuntimeException | OutOfMemoryError e) {
      // Whatever it was: the other namespaces, and this one later, are cared for all the same.
      if (ending || Thread.interrupted()) {
        throw new InterruptedException();
      }
      System.err.println(
          "slab serve: background work on " + index.name() + " came to nothing: " + e);
    }
  }

  private void timed(String kind, Runnable work) {
    long from = System.nanoTime();
    try {
      work.run();
    } finally {
      metrics.background(kind, System.nanoTime() - from);
    }
  }

  @Override
  public void close() {
    ending = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
