package io.slab.ann;

import io.slab.model.Metric;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Where the cells of an index lie seen from one query: the order to visit them, when to stop, and
 * the constants that turn sums of a cell into keys. A key is a squared distance, or for the inner
 * product its negative. One thread only.
 */
final class CellGeometry {
  /**
   * Independent directions among the residuals of a cell, for the guess how near its best row
   * comes. Below some hundreds the exact number hardly matters; too small a one favours long rows.
   */
  private static final float INTRINSIC = 64;

  /** The same among the residuals of a cell as seen from a query: what fits real data. */
  private static final float SEEN = 32;

  /** Lengths of rows differ, which a normal distribution knows nothing of. */
  private static final float LONG = 1.4f;

  /** Standard deviations by which the best row of a cell exceeds its mean. */
  private static final float BEST_OF_CELL = 2.5f;

  private final IvfIndex index;
  private final CellDirectory directory;
  private final boolean innerProduct;
  private final float[] dots;
  private final float[] keys;
  private final float perDirection;
  private final AnnKernels kernels;

  /** Codes that stand for the centroids until a cell's turn comes; null where all are compared. */
  private final CentroidCodes codes;

  /** With codes: cells whose key is the distance and not a bound of it. */
  private final boolean[] isExact;

  private float[] query;
  private final ProbeOrder order = new ProbeOrder();
  private float querySquare;

  CellGeometry(IvfIndex index, AnnKernels kernels) {
    this.index = index;
    this.kernels = kernels;
    this.codes = index.centroidCodes();
    this.isExact = new boolean[codes == null ? 0 : index.cells()];
    this.directory = index.directory();
    this.innerProduct = index.metric() == Metric.DOTPRODUCT;
    this.dots = new float[codes != null ? 0 : panels() * AnnKernels.PANEL];
    this.keys = new float[codes != null ? codes.capacity() : index.cells()];
    this.perDirection = 1 / Math.min(SEEN, index.padded());
  }

  private int panels() {
    return Cells.panelCount(index.cells());
  }

  /**
   * Starts a search.
   *
   * @param rotated query; kept until the next one
   * @param scan prepared with the query's tables, as is the probe with their scale
   */
  void prepare(float[] rotated, FastScan scan, Probe probe) {
    query = rotated;
    querySquare = square(rotated);
    if (codes != null) {
      codes.bounds(scan, probe, querySquare, keys);
      Arrays.fill(isExact, false);
    } else {
      kernels.dots(rotated, index.centroids(), panels(), dots);
      if (innerProduct) {
        for (int cell = 0; cell < keys.length; cell++) {
          keys[cell] = productKey(cell);
        }
      } else {
        distances(querySquare, directory.square(), dots, keys);
      }
    }
    order.start(keys, index.cells());
  }

  /** Four sums side by side: one alone would wait for each addition. */
  private static float square(float[] x) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    for (int i = 0; i < x.length; i += 4) {
      a += x[i] * x[i];
      b += x[i + 1] * x[i + 1];
      c += x[i + 2] * x[i + 2];
      d += x[i + 3] * x[i + 3];
    }
    return (a + b) + (c + d);
  }

  /** Squared distances from the query to the centroids. */
  private static void distances(float querySquare, float[] squares, float[] dots, float[] keys) {
    for (int cell = 0; cell < keys.length; cell++) {
      keys[cell] = Math.max(0, querySquare + squares[cell] - 2 * dots[cell]);
    }
  }

  /** The negative inner product that the best row of a cell may reach. */
  private float productKey(int cell) {
    float square = directory.square()[cell];
    float along = square > 0 ? dots[cell] * dots[cell] / square : 0;
    float across = Math.max(0, querySquare - along);
    float side = Math.max(0, directory.spread()[cell] - directory.along()[cell]);
    float variance =
        along * directory.along()[cell] + across * side / Math.min(INTRINSIC, index.padded());
    return -(dots[cell] + BEST_OF_CELL * (float) Math.sqrt(variance));
  }

  boolean isDone() {
    return order.isEmpty();
  }

  /** Cells that are still to come. */
  int left() {
    return order.left();
  }

  int next() {
    int cell = order.next();
    while (codes != null && !isExact[cell]) {
      // The bound was the least of all, the distance may not be.
      order.add(exactKey(cell), cell);
      cell = order.next();
    }
    return cell;
  }

  private float exactKey(int cell) {
    if (!isExact[cell]) {
      float dot = kernels.dot(query, codes.rows(), cell);
      keys[cell] = Math.max(0, querySquare + directory.square()[cell] - 2 * dot);
      isExact[cell] = true;
    }
    return keys[cell];
  }

  /** Finds the distance of all cells that are still to come. */
  private void measureAll() {
    if (codes != null) {
      order.reorder(this::exactKey);
    }
  }

  /** The cells that {@link #next} is going to give, at most {@code count}. */
  int[] peek(int count) {
    measureAll();
    return order.peek(count);
  }

  /** Leaves out cells of those that are still to come. */
  void retain(IntPredicate wanted) {
    measureAll();
    order.retain(wanted);
  }

  /**
   * False when even the cell's longest residual, pointing to the query, leads no row below the
   * threshold.
   */
  boolean reaches(int cell, float threshold) {
    float radius = directory.radius()[cell];
    float rounding = 1e-5f * (querySquare + directory.square()[cell]);
    if (innerProduct) {
      float most = dots[cell] + radius * (float) Math.sqrt(querySquare);
      return -most <= threshold + rounding;
    }
    float gap = (float) Math.sqrt(keys[cell]) - radius;
    return gap <= 0 || gap * gap <= threshold + rounding;
  }

  /** Mean of the keys of a cell's rows. */
  float meanKey(int cell) {
    return innerProduct ? -dots[cell] : keys[cell] + directory.spread()[cell];
  }

  /** About the variance of the keys of a cell's rows. */
  float keyVariance(int cell) {
    float spread = directory.spread()[cell];
    if (innerProduct) {
      float square = directory.square()[cell];
      float along = square > 0 ? dots[cell] * dots[cell] / square : 0;
      float across = Math.max(0, querySquare - along);
      float side = Math.max(0, spread - directory.along()[cell]);
      return LONG * (along * directory.along()[cell] + across * side * perDirection);
    }
    return spread * (4 * keys[cell] + 2 * spread) * perDirection;
  }

  /** Sets what is particular to a cell. */
  void aim(int cell, float margin, Probe probe) {
    if (innerProduct) {
      float square = directory.square()[cell];
      float tilt = square > 0 ? dots[cell] / square : 0;
      probe.base = -dots[cell];
      probe.tilt = tilt;
      probe.spread = margin * (float) Math.sqrt(Math.max(0, querySquare - dots[cell] * tilt));
    } else {
      float distance = keys[cell];
      probe.base = distance;
      probe.tilt = 1;
      probe.spread = margin * (float) Math.sqrt(distance);
    }
  }
}
