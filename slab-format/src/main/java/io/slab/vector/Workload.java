package io.slab.vector;

/** What the caller knows about the life of its process; decides which kernel pays off. */
public enum Workload {
  /**
   * A few questions, then exit. SIMD code through the Vector API is interpreted and allocates until
   * the optimising compiler has seen it, for about a second: plain loops are done long before.
   */
  ONE_SHOT,
  /** Hundreds of questions, a benchmark, a session: worth a warm-up. */
  LONG_RUNNING
}
