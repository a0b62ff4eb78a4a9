package io.slab.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Counts of numbers in intervals of one width.
 *
 * @param min lower end of the first interval
 * @param max upper end of the last one, which it includes
 * @param counts of each interval; one where all numbers are (almost) the same, none where there are
 *     no numbers
 */
public record Histogram(double min, double max, List<Long> counts) {
  /** Numbers that differ by less than this share of their size are one. */
  private static final double SAME = 1e-5;

  public Histogram {
    counts = List.copyOf(counts);
  }

  /** Counts finite numbers in at most {@code bins} intervals. */
  public static Histogram of(double[] values, int bins) {
    long[] once = new long[values.length];
    Arrays.fill(once, 1);
    return of(values, once, bins);
  }

  /**
   * Counts finite numbers in at most {@code bins} intervals.
   *
   * @param times how often each number counts
   */
  public static Histogram of(double[] values, long[] times, int bins) {
    if (values.length == 0) {
      return new Histogram(0, 0, List.of());
    }
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    // Halves, since the difference of two doubles may be none.
    double width = (max / 2 - min / 2) / bins * 2;
    if (max - min <= SAME * Math.max(Math.abs(min), Math.abs(max))) {
      return new Histogram(min, max, List.of(Arrays.stream(times).sum()));
    }
    List<Long> counts = new ArrayList<>(Collections.nCopies(bins, 0L));
    for (int i = 0; i < values.length; i++) {
      int bin = Math.min(bins - 1, (int) ((values[i] / 2 - min / 2) / width * 2));
      counts.set(bin, counts.get(bin) + times[i]);
    }
    return new Histogram(min, max, counts);
  }

  /** Lower end of an interval. */
  public double from(int bin) {
    double share = counts.size() < 2 ? 0 : (double) bin / counts.size();
    return min * (1 - share) + max * share;
  }

  /** Upper end of an interval. */
  public double to(int bin) {
    return bin + 1 >= counts.size() ? max : from(bin + 1);
  }

  /** The largest count, 0 when there is none. */
  public long highest() {
    return counts.stream().mapToLong(Long::longValue).max().orElse(0);
  }
}
