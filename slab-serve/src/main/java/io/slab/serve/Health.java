package io.slab.serve;

import com.linecorp.armeria.common.HttpStatus;
import java.time.Duration;

/** Whether requests are taken, and how many are under way. Thread-safe. */
final class Health {
  private volatile boolean ready;
  private boolean draining;
  private int underWay;

  /** From now on requests are taken. */
  void ready() {
    ready = true;
  }

  /** A request comes; false when none is taken any more. */
  synchronized boolean enter() {
    if (draining) {
      return false;
    }
    underWay++;
    return true;
  }

  /** A request that was taken is answered. */
  synchronized void leave() {
    underWay--;
    notifyAll();
  }

  /** How many requests are taken and not answered. */
  synchronized int underWay() {
    return underWay;
  }

  /** Takes no request any more, and waits for those under way, so long at most. */
  synchronized void drain(Duration most) {
    ready = false;
    draining = true;
    long end = System.nanoTime() + most.toNanos();
    try {
      for (long left = most.toMillis(); underWay > 0 && left > 0; ) {
        wait(left);
        left = (end - System.nanoTime()) / 1_000_000;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  HttpStatus status() {
    return ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
  }
}
