package io.slab.verify;

import io.slab.bytes.XxHash64;
import io.slab.error.CancellationToken;
import io.slab.model.Utf8;

/**
 * Which slabs of an index a check reads in full; of the others it looks at the structure. Slabs
 * come in the order of their names, so that a check that ran out of time can go on where it ended.
 * One thread only.
 */
public final class CheckScope {
  private final int percent;
  private final long seed;
  private final long deadlineNanos;
  private final String after;
  private String last;
  private long leftOut;
  private boolean late;
  private CancellationToken work = CancellationToken.NONE;

  private CheckScope(int percent, long seed, long deadlineNanos, String after) {
    this.percent = percent;
    this.seed = seed;
    this.deadlineNanos = deadlineNanos;
    this.after = after;
  }

  /** Every slab. */
  public static CheckScope all() {
    return new CheckScope(100, 0, Long.MAX_VALUE, null);
  }

  /**
   * Some slabs.
   *
   * @param percent how many of a hundred, chosen by chance
   * @param seed of that chance
   * @param maxMillis no slab is begun after so long, counted from now; {@link Long#MAX_VALUE} for
   *     no limit
   * @param after name of the last slab of an earlier check, or null
   */
  public static CheckScope of(int percent, long seed, long maxMillis, String after) {
    boolean limited = maxMillis < Long.MAX_VALUE / 2_000_000;
    long deadline = limited ? System.nanoTime() + maxMillis * 1_000_000 : Long.MAX_VALUE;
    return new CheckScope(percent, seed, deadline, after);
  }

  /** Tells a listener how far the check is, which can also end it between two slabs. */
  public CheckScope watchedBy(CancellationToken owner) {
    work = owner;
    return this;
  }

  CancellationToken work() {
    return work;
  }

  /** Folder by folder, as namespaces come. */
  private static String key(String name) {
    return name.replace('/', '\0');
  }

  /** True for a slab to be read in full. */
  boolean inFull(String name) {
    if (after != null && Utf8.ORDER.compare(key(name), key(after)) <= 0) {
      return false;
    }
    late |= deadlineNanos != Long.MAX_VALUE && System.nanoTime() - deadlineNanos > 0;
    boolean chosen =
        percent >= 100
            || Long.remainderUnsigned(XxHash64.hash(Utf8.bytes(name + seed)), 100) < percent;
    if (late || !chosen) {
      leftOut++;
      return false;
    }
    last = name;
    return true;
  }

  /** Slabs of which the structure alone was looked at, but for those of the earlier check. */
  public long leftOut() {
    return leftOut;
  }

  /** Where another check can go on; null when the time was enough. */
  public String resumeAfter() {
    return !late ? null : last == null ? (after == null ? "" : after) : last;
  }
}
