package io.slab.serve;

import io.slab.Namespace;
import io.slab.serve.catalog.Catalog;
import io.slab.serve.catalog.LiveNamespace;
import io.slab.serve.catalog.ServedIndex;
import io.slab.serve.gateway.Metrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Builds slabs in the background: flushes what was not written to for a while, compacts what is
 * due, and removes what is not needed. One thread, one piece of work at a time; several servers
 * that do so at once cost time and never data.
 */
final class Upkeep implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration IDLE = Duration.ofMinutes(10);
  private static final Duration GARBAGE = Duration.ofDays(1);

  /** How often one looks after namespaces that no client asked for, about. */
  private static final Duration ROUND = Duration.ofMinutes(10);

  /** Most namespaces that one such round looks after; the next one begins behind them. */
  private static final int MOST = 1_000;

  /** How much longer what another server should build waits for it. */
  private static final int PATIENCE = 10;

  private final Catalog catalog;
  private final Metrics metrics;
  private final Duration flushAfter;
  private final Peers peers;
  private final Thread thread;
  private volatile boolean ending;
  private long collectedAt = System.nanoTime();
  private long allCollectedAt = System.nanoTime();
  private long roundAt = System.nanoTime();
  private long roundPause;

  /** Where the last round ended: an index and a namespace. */
  private String reached = "";

  /**
   * @param flushAfter how long a namespace is not written to before what it holds is flushed
   * @param peers with whom the work is shared, or null for none
   */
  Upkeep(Catalog catalog, Metrics metrics, Duration flushAfter, Peers peers) {
    this.catalog = catalog;
    this.metrics = metrics;
    this.flushAfter = flushAfter;
    this.peers = peers;
    this.roundPause = pause();
    this.thread = Thread.ofPlatform().daemon().name("slab-upkeep").unstarted(this::run);
  }

  Upkeep start() {
    thread.start();
    return this;
  }

  /** Servers that know nothing of each other do not all come at once. */
  private long pause() {
    long usual = Math.min(ROUND.toNanos(), flushAfter.toNanos() * PATIENCE);
    return usual / 2 + ThreadLocalRandom.current().nextLong(usual);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(Math.min(PAUSE.toMillis(), Math.max(1, flushAfter.toMillis())));
        boolean collect = System.nanoTime() - collectedAt > GARBAGE.toNanos();
        for (ServedIndex index : catalog.open()) {
          for (LiveNamespace namespace : index.open()) {
            care(index, namespace, collect);
          }
        }
        collectedAt = collect ? System.nanoTime() : collectedAt;
        if (System.nanoTime() - roundAt > roundPause) {
          lookAfterAll(System.nanoTime() - allCollectedAt > GARBAGE.toNanos());
          roundAt = System.nanoTime();
          roundPause = pause();
        }
      }
    } catch (InterruptedException e) {
      // Asked to end: what was being built is left, and nothing names it.
      return;
    }
  }

  private boolean isOwn(ServedIndex index, String namespace) {
    return peers == null || peers.isOwn(index.name(), namespace);
  }

  private void care(ServedIndex index, LiveNamespace namespace, boolean collect)
      throws InterruptedException {
    guarded(
        index,
        () -> {
          boolean own = isOwn(index, namespace.name());
          long write = namespace.unflushedFor(own ? flushAfter : flushAfter.multipliedBy(PATIENCE));
          if (write != 0) {
            timed("flush", () -> namespace.quiet().flush());
            namespace.flushed(write);
          }
          if (own && namespace.takeCompactionDue()) {
            timed("compact", () -> namespace.quiet().compact());
          }
          if (own && collect) {
            timed("gc", () -> namespace.quiet().collectGarbage(GARBAGE));
          }
          namespace.releaseIdle(IDLE);
        });
  }

  /** What other programs wrote, or a server that is gone: no other one may come to build it. */
  private void lookAfterAll(boolean collect) throws InterruptedException {
    int done = 0;
    List<ServedIndex> indexes = new ArrayList<>(catalog.open());
    indexes.sort(Comparator.comparing(ServedIndex::name));
    for (ServedIndex index : indexes) {
      if (index.name().compareTo(before(reached)) < 0) {
        continue;
      }
      for (String name : names(index)) {
        String place = index.name() + '/' + name;
        if (place.compareTo(reached) <= 0 || index.isOpen(name) || !isOwn(index, name)) {
          continue;
        }
        if (done++ == MOST) {
          return;
        }
        reached = place;
        guarded(index, () -> build(index.library(name), collect));
      }
    }
    reached = "";
    allCollectedAt = collect ? System.nanoTime() : allCollectedAt;
  }

  private static String before(String place) {
    return place.substring(0, Math.max(0, place.indexOf('/')));
  }

  private List<String> names(ServedIndex index) throws InterruptedException {
    List<String> names = new ArrayList<>();
    guarded(index, () -> names.addAll(index.namespaces()));
    names.sort(null);
    return names;
  }

  private void build(Namespace namespace, boolean collect) {
    try {
      if (namespace.stats().unflushed() > 0) {
        timed("flush", namespace::flush);
      }
      timed("compact", namespace::compact);
      if (collect) {
        timed("gc", () -> namespace.collectGarbage(GARBAGE));
      }
    } finally {
      namespace.release();
    }
  }

  private void guarded(ServedIndex index, Runnable work) throws InterruptedException {
    try {
      work.run();
    } catch (RuntimeException | OutOfMemoryError e) {
      // After each failure the other namespaces, and this one later, are cared for all the same.
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
