package io.slab.format.section;

import io.slab.bytes.LittleEndian;
import io.slab.bytes.Segments;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The postings of one dimension: each a row and its weight, in row order, cut where windows end.
 * Only windows with a posting are listed; {@code i} counts these. Immutable.
 */
public final class SparsePostings {
  private static final ValueLayout.OfShort ROW = LittleEndian.SHORT;

  /** Copies of bytes have less to check than those of numbers, and lists of a window are short. */
  private static final boolean NATIVE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private final int[] windows;
  private final int[] ends;
  private final float[] maxima;
  private final float[] minima;
  private final MemorySegment weights;
  private final MemorySegment rows;
  private final float largest;

  /**
   * Takes the arrays over; all must have been checked.
   *
   * @param windows window numbers, ascending
   * @param ends postings up to and including each of those windows
   * @param maxima largest weight of each
   * @param minima smallest weight of each
   * @param weights a f32 for each posting
   * @param rows a u16 for each posting: the row's place in its window
   */
  public SparsePostings(
      int[] windows,
      int[] ends,
      float[] maxima,
      float[] minima,
      MemorySegment weights,
      MemorySegment rows) {
    this.windows = windows;
    this.ends = ends;
    this.maxima = maxima;
    this.minima = minima;
    this.weights = weights;
    this.rows = rows;
    float size = 0;
    for (int i = 0; i < maxima.length; i++) {
      size = Math.max(size, Math.max(Math.abs(maxima[i]), Math.abs(minima[i])));
    }
    this.largest = size;
  }

  /** The largest size of a weight. */
  public float largest() {
    return largest;
  }

  /** Number of postings. */
  public int size() {
    return ends[ends.length - 1];
  }

  /** Number of windows that have a posting. */
  public int windows() {
    return windows.length;
  }

  public int window(int i) {
    return windows[i];
  }

  /** Postings of a listed window. */
  public int count(int i) {
    return ends[i] - start(i);
  }

  public float max(int i) {
    return maxima[i];
  }

  public float min(int i) {
    return minima[i];
  }

  /** Where a window is listed, or -1. */
  public int indexOf(int window) {
    // Frequent dimensions have postings in every window, which are then listed at their numbers.
    int high = Math.min(window, windows.length - 1);
    if (windows[high] == window) {
      return high;
    }
    for (int low = 0; low < high; ) {
      int middle = (low + high) >>> 1;
      if (windows[middle] < window) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return windows[high] == window ? high : -1;
  }

  /** Adds the products of a listed window's weights and a factor to the sums of their rows. */
  public void addProducts(int i, double factor, double[] sums) {
    int from = start(i);
    int count = ends[i] - from;
    MemorySegment at = rows.asSlice(2L * from, 2L * count);
    MemorySegment by = weights.asSlice(4L * from, 4L * count);
    for (int p = 0; p < count; p++) {
      int row = Short.toUnsignedInt(at.get(ROW, 2L * p));
      sums[row] += factor * by.get(LittleEndian.FLOAT, 4L * p);
    }
  }

  /** Copies the places of a listed window's rows, as unsigned shorts. */
  public void copyRows(int i, short[] target) {
    if (NATIVE) {
      MemorySegment.copy(rows, 2L * start(i), MemorySegment.ofArray(target), 0, 2L * count(i));
    } else {
      MemorySegment.copy(rows, ROW, 2L * start(i), target, 0, count(i));
    }
  }

  /** Copies the weights of a listed window. */
  public void copyWeights(int i, float[] target) {
    Segments.copyFloats(weights, 4L * start(i), target, 0, count(i));
  }

  private int start(int i) {
    return i == 0 ? 0 : ends[i - 1];
  }
}
