package io.slab.serve.catalog;

import io.slab.Commit;
import io.slab.Namespace;
import io.slab.Snapshot;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A namespace as the server reads it: requests share one snapshot as long as it is new enough. It
 * always has what this server acknowledged, and what others wrote once it is older than the
 * freshness (spec/serve.md, "Freshness"). Thread-safe.
 */
public final class LiveNamespace {
  private static final int MAX_TRIES = 5;

  /** Slabs that others merged meanwhile are given up by then, long before gc may take them. */
  private static final long AGED_NANOS = 600_000_000_000L;

  private final Namespace namespace;
  private final long freshnessNanos;

  /** The largest LSN that this server acknowledged. */
  private final AtomicLong committed = new AtomicLong(-1);

  /** One thread at a time looks for what is new; guards what follows it. */
  private final ReentrantLock looking = new ReentrantLock();

  /** One change at a time that reads records and writes them again. */
  private final ReentrantLock rewriting = new ReentrantLock();

  private volatile SharedSnapshot current;
  private volatile long lookedAt;
  private long refreshedAt = System.nanoTime();
  private volatile long usedAt = System.nanoTime();

  /** Whether something may be held since the last release. */
  private final AtomicBoolean held = new AtomicBoolean();

  /** When the last write came that no flush of the background has seen; 0 for none. */
  private final AtomicLong writtenAt = new AtomicLong();

  /** Writes since the last look of the background. */
  private final AtomicLong writes = new AtomicLong();

  LiveNamespace(Namespace namespace, Duration freshness) {
    this.namespace = namespace;
    this.freshnessNanos = freshness.toNanos();
  }

  /** The library's namespace, for writes; tell {@link #committed} of each. */
  public Namespace namespace() {
    used();
    return namespace;
  }

  /** Its name. */
  public String name() {
    return namespace.name();
  }

  /** The library's namespace, for work of the server's own: it is as idle as before. */
  public Namespace quiet() {
    held.set(true);
    return namespace;
  }

  private void used() {
    usedAt = System.nanoTime();
    held.set(true);
  }

  /** Notes an acknowledged write: every read that begins from now on has it. */
  public Commit committed(Commit commit) {
    committed.accumulateAndGet(commit.lastLsn(), Math::max);
    writtenAt.set(System.nanoTime() | 1);
    writes.incrementAndGet();
    return commit;
  }

  /**
   * Does work that reads records and writes them again, one at a time on this server; of another
   * server's the later one counts.
   */
  public <T> T rewrite(Supplier<T> work) {
    rewriting.lock();
    try {
      return work.get();
    } finally {
      rewriting.unlock();
    }
  }

  /** Forgets what was read, after a change that has no LSN. */
  public void changed() {
    looking.lock();
    try {
      namespace.refresh();
      replace(new SharedSnapshot(namespace.latest()));
    } finally {
      looking.unlock();
    }
  }

  /** What is there now, within the freshness. */
  public Reading read() {
    return read(-1, System.nanoTime());
  }

  /**
   * The same with every write up to an LSN, if it is there.
   *
   * @param least LSN that the caller knows of; another server may have acknowledged it
   * @param asked when the caller began to want it, by {@link System#nanoTime}: a look at the
   *     storage that began later, for whomever, is not made again
   */
  public Reading read(long least, long asked) {
    used();
    long wanted = Math.max(committed.get(), least);
    for (int attempt = 0; attempt < MAX_TRIES; attempt++) {
      SharedSnapshot shared = current;
      if (shared == null || isOld(shared, wanted)) {
        shared = renewed(wanted, asked);
      }
      if (shared.hold()) {
        return new Reading(shared);
      }
    }
    // Replaced again and again by others: one of our own.
    return new Reading(new SharedSnapshot(namespace.latest()));
  }

  private boolean isOld(SharedSnapshot shared, long wanted) {
    return shared.snapshot().lsn() < wanted || System.nanoTime() - lookedAt > freshnessNanos;
  }

  private SharedSnapshot renewed(long wanted, long asked) {
    looking.lock();
    try {
      SharedSnapshot shared = current;
      // Another request may have done it while this one waited.
      if (shared != null && !isOld(shared, wanted)) {
        return shared;
      }
      long now = System.nanoTime();
      boolean late = shared == null || now - lookedAt > freshnessNanos;
      // A look first that waits for no writer: while one flushes, what is new comes after it.
      boolean others =
          late
              && shared != null
              && (now - refreshedAt > AGED_NANOS || namespace.changedSince(shared.snapshot()));
      // Of many that wait for an LSN one looks: what began after they asked is as good for all.
      boolean missing = wanted > committed.get() && refreshedAt - asked < 0;
      if (shared == null || others || missing) {
        namespace.refresh();
        refreshedAt = now;
      }
      lookedAt = late ? now : lookedAt;
      if (shared != null && !others && !isOld(shared, wanted)) {
        return shared;
      }
      Snapshot latest = namespace.latest();
      if (shared != null && same(shared.snapshot(), latest)) {
        latest.close();
        return shared;
      }
      return replace(new SharedSnapshot(latest));
    } finally {
      looking.unlock();
    }
  }

  private static boolean same(Snapshot before, Snapshot after) {
    return before.lsn() == after.lsn()
        && before.exists() == after.exists()
        && before.stats().manifest() == after.stats().manifest();
  }

  private SharedSnapshot replace(SharedSnapshot next) {
    SharedSnapshot before = current;
    current = next;
    if (before != null) {
      before.release();
    }
    return next;
  }

  /** The last write, for {@link #flushed}, where nothing came for so long since; else 0. */
  public long unflushedFor(Duration pause) {
    long at = writtenAt.get();
    return at != 0 && System.nanoTime() - at > pause.toNanos() ? at : 0;
  }

  /** Notes that what was written up to a write is in slabs; what came later is still to be. */
  public void flushed(long write) {
    writtenAt.compareAndSet(write, 0);
  }

  /** Whether so much was written since the last call that a compaction may be due. */
  public boolean takeCompactionDue() {
    return writes.getAndSet(0) > 0;
  }

  /** Gives back what is held when nothing was asked for so long. */
  public void releaseIdle(Duration idle) {
    if (System.nanoTime() - usedAt > idle.toNanos() && held.getAndSet(false)) {
      release();
      namespace.release();
    }
  }

  /** Lets go of the snapshot. */
  void release() {
    looking.lock();
    try {
      SharedSnapshot before = current;
      current = null;
      if (before != null) {
        before.release();
      }
    } finally {
      looking.unlock();
    }
  }
}
