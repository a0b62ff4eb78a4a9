package io.slab.search;

import io.slab.format.section.SparsePostings;
import java.util.Arrays;

/**
 * In which order to work through a slab's windows, and through the dimensions in each: the most
 * promising first, so that the floor rises early and the rest can be left out. Immutable, shared by
 * all threads.
 */
final class SparseOrder {
  private final SparseLookup lookup;
  private final int[] terms;
  private final double[] bounds;
  private final int[] windows;

  SparseOrder(SparseLookup lookup) {
    this.lookup = lookup;
    bounds = new double[lookup.windows()];
    double[] reach = new double[lookup.terms()];
    for (int t = 0; t < lookup.terms(); t++) {
      SparsePostings postings = lookup.term(t);
      for (int i = 0; i < postings.windows(); i++) {
        double gain = lookup.gain(t, i);
        bounds[postings.window(i)] += gain;
        reach[t] = Math.max(reach[t], gain);
      }
    }
    terms = descending(reach);
    windows = descending(bounds);
  }

  /** Numbers of the values from the largest down; nearly, because floats do for an order. */
  private static int[] descending(double[] values) {
    long[] keys = new long[values.length];
    for (int i = 0; i < keys.length; i++) {
      // Bits of floats that are not negative sort as the floats do.
      keys[i] = (long) ~Float.floatToRawIntBits((float) values[i]) << 32 | i;
    }
    Arrays.sort(keys);
    int[] order = new int[keys.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = (int) keys[i];
    }
    return order;
  }

  SparseLookup lookup() {
    return lookup;
  }

  /** The window at a place in the order. */
  int window(int place) {
    return windows[place];
  }

  /** The dimension at a place in the order. */
  int term(int place) {
    return terms[place];
  }

  /** What the rows of a window can score at most, but for rounding. */
  double bound(int window) {
    return bounds[window];
  }
}
