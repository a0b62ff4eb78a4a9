package io.slab.cli.output;

import io.slab.error.CancellationToken;

/**
 * Shows work in phases, one bar each: the token that the work asks whether to go on, and tells how
 * far it is. A bar only grows, begins anew with a phase, and ends full. Thread-safe.
 */
public final class PhaseProgress implements CancellationToken, AutoCloseable {
  private final Progress progress;
  private final CancellationToken owner;
  private String phase;
  private long shown;
  private long total;

  /**
   * @param owner says whether the work shall end
   */
  public PhaseProgress(Progress progress, CancellationToken owner) {
    this.progress = progress;
    this.owner = owner;
  }

  @Override
  public boolean isCancelled() {
    return owner.isCancelled();
  }

  @Override
  public synchronized void progress(String name, String unit, long done, long all) {
    if (done == 0 || !name.equals(phase)) {
      phase = name;
      total = all;
      shown = 0;
      progress.begin(name, unit);
    }
    // Threads may tell what they did in another order than they did it.
    if (done <= shown) {
      return;
    }
    shown = done;
    if (done < total) {
      progress.update(done, (double) done / total);
    } else {
      progress.end(done);
    }
  }

  /** Wipes the bar, for something to be printed; the next phase draws another one. */
  public synchronized void clear() {
    progress.clear();
  }

  @Override
  public synchronized void close() {
    progress.close();
  }
}
