package io.slab.serve.catalog;

import io.slab.Snapshot;

/**
 * A snapshot that several requests read at once; it is closed when it was replaced and the last of
 * them is done. Thread-safe.
 */
final class SharedSnapshot {
  private final Snapshot snapshot;

  /** How many hold it, the namespace among them until it is replaced. */
  private int holders = 1;

  SharedSnapshot(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  Snapshot snapshot() {
    return snapshot;
  }

  /** Takes hold of it; false when it is closed already. */
  synchronized boolean hold() {
    if (holders == 0) {
      return false;
    }
    holders++;
    return true;
  }

  /** Lets go of it. */
  void release() {
    boolean last;
    synchronized (this) {
      last = --holders == 0;
    }
    if (last) {
      snapshot.close();
    }
  }
}
