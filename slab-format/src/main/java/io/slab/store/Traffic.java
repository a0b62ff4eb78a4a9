package io.slab.store;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

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
  private static final String UNFORESEEN = "search";
  private static final ThreadLocal<Context> CONTEXT = ThreadLocal.withInitial(Context::new);

  /** What a thread knows of the work that it does. */
  private static final class Context {
    private long clock;
    private String purpose = UNFORESEEN;
    private TrafficTrace trace;
  }

  /**
   * What a thread that does part of another one's work takes over from it.
   *
   * @param clock the other's clock
   * @param purpose what it makes requests for
   * @param trace where these are written down, or null
   */
  public record Handover(long clock, String purpose, TrafficTrace trace) {}

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
    return CONTEXT.get().clock;
  }

  /** Moves the clock of this thread on to that of a result that it waited for. */
  public static void meet(long other) {
    Context context = CONTEXT.get();
    context.clock = Math.max(context.clock, other);
  }

  /** Begins to write down what this thread asks for, and those that work for it. */
  public static TrafficTrace begin() {
    Context context = CONTEXT.get();
    context.trace = new TrafficTrace(context.clock);
    return context.trace;
  }

  static void end(TrafficTrace trace) {
    Context context = CONTEXT.get();
    context.trace = context.trace == trace ? null : context.trace;
  }

  /** Says for what requests are made while some work is done. */
  public static <T> T during(String purpose, Supplier<T> work) {
    String before = purpose(purpose);
    try {
      return work.get();
    } finally {
      purpose(before);
    }
  }

  /** Says for what this thread makes requests from now on; gives what it said before. */
  public static String purpose(String purpose) {
    Context context = CONTEXT.get();
    String before = context.purpose;
    context.purpose = purpose;
    return before;
  }

  /** The same for work without a result. */
  public static void during(String purpose, Runnable work) {
    Object unused =
        during(
            purpose,
            () -> {
              work.run();
              return null;
            });
  }

  /** What another thread needs to work for this one. */
  public static Handover handOver() {
    Context context = CONTEXT.get();
    return new Handover(context.clock, context.purpose, context.trace);
  }

  /** Makes this thread work for another one. */
  public static void takeOver(Handover work) {
    Context context = CONTEXT.get();
    context.clock = Math.max(context.clock, work.clock);
    context.purpose = work.purpose;
    context.trace = work.trace;
  }

  /** Counts a listing; to be called when it is answered. */
  public void list(long round, String what) {
    lists.increment();
    meet(round);
    TrafficTrace trace = CONTEXT.get().trace;
    if (trace != null) {
      trace.add(round, what, 1, 0, 0);
    }
  }

  /** Counts a read of part of a slab, for what {@link #during} says. */
  public void get(long round, long bytes) {
    get(round, bytes, CONTEXT.get().purpose);
  }

  /** Counts a read. */
  public void get(long round, long bytes, String what) {
    gets.increment();
    bytesRead.add(bytes);
    meet(round);
    TrafficTrace trace = CONTEXT.get().trace;
    if (trace != null) {
      trace.add(round, what, 0, 1, bytes);
    }
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
    TrafficTrace trace = CONTEXT.get().trace;
    if (trace != null) {
      trace.cached(bytes);
    }
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
