package io.slab.bench.trust;

import java.util.Arrays;

/** Times of one kind of call since they were last taken away. Thread-safe. */
final class Latencies {
  private long[] nanos = new long[1_024];
  private int count;

  synchronized void add(long time) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = time;
  }

  /** Half and all but a hundredth take no longer, milliseconds; NaN when there was no call. */
  record Taken(int calls, double p50, double p99, double most) {}

  synchronized Taken take() {
    long[] all = Arrays.copyOf(nanos, count);
    count = 0;
    Arrays.sort(all);
    return new Taken(all.length, at(all, 0.5), at(all, 0.99), at(all, 1));
  }

  private static double at(long[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1L, (long) (share * sorted.length))] / 1e6;
  }
}
