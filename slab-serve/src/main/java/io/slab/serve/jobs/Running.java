package io.slab.serve.jobs;

import java.util.concurrent.CancellationException;

/** A job that this server is at. Thread-safe. */
public final class Running {
  private volatile double part;
  private volatile long records;
  private volatile boolean cancelled;
  private volatile boolean left;
  private volatile boolean lost;

  private final Signs signs;

  /** The number of its last sign of life. */
  private long sign;

  /** Where signs of life are given. */
  @FunctionalInterface
  interface Signs {
    /** Gives the sign of a number; false when another server gave it. */
    boolean give(long number, Progress progress);
  }

  /**
   * @param before how far it was when another server was at it
   */
  Running(long sign, Progress before, Signs signs) {
    this.sign = sign;
    this.records = before.records();
    this.signs = signs;
  }

  /** Gives a sign of life; false when another server went on with the job: then it ends here. */
  synchronized boolean sign() {
    if (!lost && signs.give(sign + 1, progress())) {
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

  /** How far it is. */
  public Progress progress() {
    return new Progress(part, records);
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
