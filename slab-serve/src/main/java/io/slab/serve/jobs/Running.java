package io.slab.serve.jobs;

import java.util.concurrent.CancellationException;
import java.util.function.LongPredicate;

/** A job that this server is at. Thread-safe. */
public final class Running {
  private volatile double part;
  private volatile long records;
  private volatile boolean cancelled;
  private volatile boolean left;
  private volatile boolean lost;

  /** Gives the sign of a number; false when another server gave it. */
  private final LongPredicate signs;

  /** The number of its last sign of life. */
  private long sign;

  Running(long sign, LongPredicate signs) {
    this.sign = sign;
    this.signs = signs;
  }

  /** Gives a sign of life; false when another server went on with the job: then it ends here. */
  synchronized boolean sign() {
    if (!lost && signs.test(sign + 1)) {
      sign++;
    } else {
      // It was silent for too long: who goes on with it must not meet this one.
      lost = true;
    }
    return !lost;
  }

  /**
   * Asks the storage whether the job is still this server's; to be called before what would harm
   * another one that is at it.
   *
   * @throws CancellationException when it must end
   */
  public void requireHeld() {
    if (!isHeld()) {
      throw new CancellationException();
    }
  }

  /** The same as an answer. */
  public boolean isHeld() {
    return !isUnwanted() && sign();
  }

  /**
   * Says how far it is, from 0 to 1.
   *
   * @throws CancellationException when it must end here
   */
  public void at(double done) {
    part = Math.max(part, Math.min(1, done));
    requireWanted();
  }

  /** Says how many records it wrote. */
  public void wrote(long count) {
    records = count;
  }

  /** How far it is, in percent. */
  public double percent() {
    return Math.round(part * 1000) / 10.0;
  }

  /** How many records it wrote. */
  public long records() {
    return records;
  }

  /** Whether it must end, because of a user, the server's end, or another server that is at it. */
  public boolean isUnwanted() {
    return cancelled || left || lost;
  }

  /**
   * Ends it where it is.
   *
   * @throws CancellationException when it must end
   */
  public void requireWanted() {
    if (isUnwanted()) {
      throw new CancellationException();
    }
  }

  void cancel() {
    cancelled = true;
  }

  /** Ends it without an end: another server goes on with it. */
  void leave() {
    left = true;
  }

  boolean isLeft() {
    return left;
  }
}
