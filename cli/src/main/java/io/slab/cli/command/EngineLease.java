package io.slab.cli.command;

import io.slab.model.IndexSpec;
import io.slab.search.QueryEngine;
import io.slab.vector.Workload;

/**
 * An engine for one command: made and closed with it, or, in the interactive shell, kept and warm.
 */
record EngineLease(QueryEngine engine, boolean own) implements AutoCloseable {
  static EngineLease of(IndexSpec spec, int threads) {
    OpenIndexes kept = OpenIndexes.current();
    return kept == null
        ? new EngineLease(new QueryEngine(spec, threads, Workload.ONE_SHOT), true)
        : new EngineLease(kept.engine(spec, threads), false);
  }

  @Override
  public void close() {
    if (own) {
      engine.close();
    }
  }
}
