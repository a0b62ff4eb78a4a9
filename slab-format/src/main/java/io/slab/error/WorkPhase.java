package io.slab.error;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A phase of long work, with a total of its own: counts what is done of it, and has the owner of
 * the work hear of it, first of its beginning and last of its end. Thread-safe.
 */
public final class WorkPhase {
  /** How often the owner hears of a phase: often enough for a bar, and seldom enough to be free. */
  private static final int STEPS = 1_000;

  private final CancellationToken work;
  private final String name;
  private final String unit;
  private final long total;
  private final AtomicLong done = new AtomicLong();

  /**
   * Begins a phase.
   *
   * @param name a word or two for people, such as {@code "clusters"}
   * @param unit what is counted, such as {@code "records"}; null where it says nothing to people
   * @param total how much there is to do
   */
  public WorkPhase(CancellationToken work, String name, String unit, long total) {
    this.work = work;
    this.name = name;
    this.unit = unit;
    this.total = total;
    work.progress(name, unit, 0, total);
  }

  /** So much more is done; what would be more than all is not counted. */
  public void add(long more) {
    long now = done.addAndGet(more);
    long step = Math.max(1, total / STEPS);
    if (now - more < total && (now >= total || (now - more) / step != now / step)) {
      work.progress(name, unit, Math.min(now, total), total);
    }
  }

  /** How much is done, at most all. */
  public long done() {
    return Math.min(done.get(), total);
  }
}
