package io.slab.format;

/** The smallest and the largest of some LSNs, as unsigned numbers. One thread only. */
final class LsnRange {
  private boolean any;
  private long min;
  private long max;

  void add(long lsn) {
    min = !any || Long.compareUnsigned(lsn, min) < 0 ? lsn : min;
    max = !any || Long.compareUnsigned(lsn, max) > 0 ? lsn : max;
    any = true;
  }

  /** 0 when there was none. */
  long min() {
    return min;
  }

  /** 0 when there was none. */
  long max() {
    return max;
  }
}
