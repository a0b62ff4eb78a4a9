package io.slab.serve.catalog;

import io.slab.Snapshot;

/** A snapshot that one request reads; close it. */
public final class Reading implements AutoCloseable {
  private final SharedSnapshot shared;

  Reading(SharedSnapshot shared) {
    this.shared = shared;
  }

  /** What is read; not to be closed, and not to be used after {@link #close}. */
  public Snapshot snapshot() {
    return shared.snapshot();
  }

  @Override
  public void close() {
    shared.release();
  }
}
