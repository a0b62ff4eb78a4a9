package io.slab.ann;

import java.util.Arrays;

/**
 * Puts cells next to their neighbours, so that the lists and rows that one query visits lie
 * together: the cells are cut in two halves across the direction in which they spread most, and so
 * are the halves, again and again. Depends on the centroids only. One thread only.
 */
final class CellOrder {
  /** Steps towards the direction of greatest spread: it need not be found exactly. */
  private static final int STEPS = 4;

  private final float[][] centroids;
  private final int padded;
  private final Integer[] order;
  private final double[] along;
  private final double[] direction;
  private final double[] mean;

  private CellOrder(Cells cells) {
    padded = cells.padded();
    centroids = new float[cells.count()][padded];
    order = new Integer[cells.count()];
    for (int cell = 0; cell < order.length; cell++) {
      cells.get(cell, centroids[cell]);
      order[cell] = cell;
    }
    along = new double[order.length];
    direction = new double[padded];
    mean = new double[padded];
  }

  /** The cells in their order. */
  static int[] of(Cells cells) {
    CellOrder order = new CellOrder(cells);
    order.halve(0, order.order.length);
    return Arrays.stream(order.order).mapToInt(Integer::intValue).toArray();
  }

  private void halve(int from, int to) {
    if (to - from < 3) {
      return;
    }
    spread(from, to);
    for (int i = from; i < to; i++) {
      along[order[i]] = project(order[i]);
    }
    Arrays.sort(
        order,
        from,
        to,
        (a, b) -> along[a] != along[b] ? Double.compare(along[a], along[b]) : a - b);
    int middle = (from + to) >>> 1;
    halve(from, middle);
    halve(middle, to);
  }

  /** Finds about the first principal component, from the centroid that lies farthest out. */
  private void spread(int from, int to) {
    Arrays.fill(mean, 0);
    for (int i = from; i < to; i++) {
      for (int d = 0; d < padded; d++) {
        mean[d] += centroids[order[i]][d];
      }
    }
    for (int d = 0; d < padded; d++) {
      mean[d] /= to - from;
    }
    int farthest = order[from];
    double most = -1;
    for (int i = from; i < to; i++) {
      double square = 0;
      for (int d = 0; d < padded; d++) {
        double difference = centroids[order[i]][d] - mean[d];
        square += difference * difference;
      }
      if (square > most) {
        most = square;
        farthest = order[i];
      }
    }
    for (int d = 0; d < padded; d++) {
      direction[d] = centroids[farthest][d] - mean[d];
    }
    double[] next = new double[padded];
    for (int step = 0; step < STEPS && normalize(direction); step++) {
      Arrays.fill(next, 0);
      for (int i = from; i < to; i++) {
        double part = project(order[i]);
        for (int d = 0; d < padded; d++) {
          next[d] += part * (centroids[order[i]][d] - mean[d]);
        }
      }
      System.arraycopy(next, 0, direction, 0, padded);
    }
  }

  /** False when all cells lie in one point. */
  private static boolean normalize(double[] vector) {
    double square = 0;
    for (double number : vector) {
      square += number * number;
    }
    if (!(square > 0)) {
      return false;
    }
    double scale = 1 / Math.sqrt(square);
    for (int d = 0; d < vector.length; d++) {
      vector[d] *= scale;
    }
    return true;
  }

  private double project(int cell) {
    double sum = 0;
    for (int d = 0; d < padded; d++) {
      sum += direction[d] * (centroids[cell][d] - mean[d]);
    }
    return sum;
  }
}
