package io.slab.search;

/** What one thread did, per source. */
final class ThreadStats {
  final long[] scored;
  final long[] rescored;
  final long[] bytes;
  final long[] nanos;
  final long[] cells;

  ThreadStats(int sources) {
    scored = new long[sources];
    rescored = new long[sources];
    bytes = new long[sources];
    nanos = new long[sources];
    cells = new long[sources];
  }
}
