package io.slab.search;

import io.slab.format.section.SparsePostings;
import java.util.Arrays;

/**
 * Adds up products of query and row, dimension by dimension, for the rows of one window. A row that
 * got nothing yet holds -0.0: adding to that gives the addend, and no sum of other things is -0.0
 * again unless all addends were zeros. One thread at a time.
 */
final class WindowSums {
  private static final long NOTHING = Double.doubleToRawLongBits(-0.0);

  private double[] sums = new double[0];
  private short[] places = new short[0];
  private boolean isClear;

  /** Forgets everything and makes room. */
  void reset(int windowRows) {
    if (sums.length < windowRows) {
      sums = new double[windowRows];
      places = new short[windowRows];
      isClear = false;
    }
    if (!isClear) {
      Arrays.fill(sums, -0.0);
    }
    isClear = false;
  }

  /** To be told when {@link #clear} was called for every row that got something. */
  void markClear() {
    isClear = true;
  }

  /** Adds a dimension's products in its listed window {@code i}. */
  void add(SparsePostings postings, int i, double weight) {
    postings.addProducts(i, weight, sums);
  }

  /** Adds all dimensions in ascending order, which makes each sum the canonical one. */
  void addAll(SparseLookup lookup, int window) {
    for (int t = 0; t < lookup.terms(); t++) {
      int i = lookup.term(t).indexOf(window);
      if (i >= 0) {
        add(lookup.term(t), i, lookup.weight(t));
      }
    }
  }

  double get(int place) {
    return sums[place];
  }

  /**
   * The first row from {@code from} on whose sum is at least {@code least}; {@code end} when there
   * is none.
   */
  int next(int from, int end, double least) {
    double[] all = sums;
    for (int row = from; row < end; row++) {
      if (all[row] >= least && isTouched(all[row])) {
        return row;
      }
    }
    return end;
  }

  /** Whether anything but zeros was added. */
  static boolean isTouched(double sum) {
    return Double.doubleToRawLongBits(sum) != NOTHING;
  }

  /**
   * Reads a listed window's rows again; {@link #place} has them until the next call of {@link
   * #add}.
   */
  void loadPlaces(SparsePostings postings, int i) {
    postings.copyRows(i, places);
  }

  int place(int p) {
    return Short.toUnsignedInt(places[p]);
  }

  /** Makes a row one that got nothing. */
  void clear(int place) {
    sums[place] = -0.0;
  }

  /**
   * Rows up to {@code end} whose sum is at least {@code threshold}, counted up to {@code limit} +
   * 1.
   */
  int count(double threshold, int end, int limit) {
    double[] all = sums;
    int count = 0;
    for (int row = 0; row < end; row++) {
      if (all[row] >= threshold && isTouched(all[row]) && ++count > limit) {
        break;
      }
    }
    return count;
  }
}
