package io.slab.store;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what is asked of a remote store. Thread-safe.
 *
 * <p>A <em>round</em> is a step in a chain of requests of which each could only be made when the
 * one before was answered; with enough bandwidth, rounds times latency is the time of a query.
 * Every thread has a clock: the length of the longest chain that led to what it knows. A request
 * sets the clock one further; a thread that takes over work begins with the clock of the one that
 * gave it, and a thread that waits for a result goes on with the later of both clocks.
 */
public final class Traffic {
  private static final ThreadLocal<long[]> CLOCK = ThreadLocal.withInitial(() -> new long[1]);

  private final LongAdder lists = new LongAdder();
  private final LongAdder gets = new LongAdder();
  private final LongAdder writes = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();
  private final LongAdder cachedBytes = new LongAdder();

  /**
   * Sums at one moment, or what was added between two.
   *
   * @param lists listings, one for each call
   * @param gets reads of objects or ranges
   * @param writes creations and deletions
   * @param bytesRead bytes of all reads
   * @param bytesWritten bytes of all creations
   * @param cachedBytes bytes that were taken from the local cache instead
   * @param rounds dependent rounds, as the calling thread has seen them
   */
  public record Counts(
      long lists,
      long gets,
      long writes,
      long bytesRead,
      long bytesWritten,
      long cachedBytes,
      long rounds) {
    /** All requests. */
    public long requests() {
      return lists + gets + writes;
    }

    /** What was added since an earlier moment. */
    public Counts since(Counts before) {
      return new Counts(
          lists - before.lists,
          gets - before.gets,
          writes - before.writes,
          bytesRead - before.bytesRead,
          bytesWritten - before.bytesWritten,
          cachedBytes - before.cachedBytes,
          rounds - before.rounds);
    }
  }

  /** The clock of this thread. */
  public static long clock() {
    return CLOCK.get()[0];
  }

  /** Moves the clock of this thread on to that of a result that it waited for. */
  public static void meet(long other) {
    long[] clock = CLOCK.get();
    clock[0] = Math.max(clock[0], other);
  }

  /** Counts a listing; to be called when it is answered. */
  public void list(long round) {
    lists.increment();
    meet(round);
  }

  /** Counts a read. */
  public void get(long round, long bytes) {
    gets.increment();
    bytesRead.add(bytes);
    meet(round);
  }

  /** Counts a creation or deletion. */
  public void write(long round, long bytes) {
    writes.increment();
    bytesWritten.add(bytes);
    meet(round);
  }

  /** Counts bytes that needed no request. */
  public void cached(long bytes) {
    cachedBytes.add(bytes);
  }

  /** The sums so far. */
  public Counts counts() {
    return new Counts(
        lists.sum(),
        gets.sum(),
        writes.sum(),
        bytesRead.sum(),
        bytesWritten.sum(),
        cachedBytes.sum(),
        clock());
  }
}
