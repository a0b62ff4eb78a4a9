package io.slab.inspect;

import io.slab.ann.SplitMix64;
import io.slab.format.section.DenseRows;

/**
 * Vectors on a plane: their first two principal components, by power iteration from a fixed start,
 * so that one slab always gives one picture.
 *
 * @param sample rows that are shown
 * @param x first component of each
 * @param y second component of each
 * @param explained share of the variance of the sample that the plane keeps, 0 to 1
 */
public record Projection(SampledRows sample, float[] x, float[] y, double explained) {
  /** Points that a picture has room for. */
  public static final int POINTS = 1_500;

  private static final int ROUNDS = 20;
  private static final long SEED = 0x51AB;

  /**
   * Projects a sample.
   *
   * @param direction true to look at directions only: each vector scaled to length one
   */
  public static Projection of(DenseRows vectors, int most, boolean direction) {
    SampledRows sample = SampledRows.of(vectors.rows(), most);
    float[][] rows = new float[sample.count()][vectors.dimension()];
    for (int i = 0; i < rows.length; i++) {
      vectors.copy(sample.row(i), rows[i]);
      if (direction) {
        scale(rows[i]);
      }
    }
    double variance = centre(rows);
    float[] first = component(rows, SEED);
    float[] x = project(rows, first);
    double kept = take(rows, first, x);
    float[] second = component(rows, SEED + 1);
    float[] y = project(rows, second);
    kept += take(rows, second, y);
    return new Projection(sample, x, y, variance > 0 ? Math.min(1, kept / variance) : 0);
  }

  private static void scale(float[] row) {
    double norm = Math.sqrt(square(row));
    for (int d = 0; norm > 0 && d < row.length; d++) {
      row[d] = (float) (row[d] / norm);
    }
  }

  private static double square(float[] row) {
    double square = 0;
    for (float value : row) {
      square += (double) value * value;
    }
    return square;
  }

  /** Takes the mean off; returns what is left, squared and summed. */
  private static double centre(float[][] rows) {
    int dimension = rows.length == 0 ? 0 : rows[0].length;
    double[] mean = new double[dimension];
    for (float[] row : rows) {
      for (int d = 0; d < dimension; d++) {
        mean[d] += row[d] / (double) rows.length;
      }
    }
    double left = 0;
    for (float[] row : rows) {
      for (int d = 0; d < dimension; d++) {
        row[d] = (float) (row[d] - mean[d]);
      }
      left += square(row);
    }
    return left;
  }

  /** The direction of most variance, of length one; its largest number is positive. */
  private static float[] component(float[][] rows, long seed) {
    int dimension = rows.length == 0 ? 0 : rows[0].length;
    SplitMix64 random = new SplitMix64(seed);
    float[] direction = new float[dimension];
    for (int d = 0; d < dimension; d++) {
      direction[d] = (float) random.gaussian();
    }
    scale(direction);
    for (int round = 0; round < ROUNDS; round++) {
      float[] along = project(rows, direction);
      float[] next = new float[dimension];
      for (int i = 0; i < rows.length; i++) {
        for (int d = 0; d < dimension; d++) {
          next[d] += along[i] * rows[i][d];
        }
      }
      scale(next);
      if (square(next) == 0) {
        break;
      }
      direction = next;
    }
    float widest = 0;
    for (float value : direction) {
      widest = Math.abs(value) > Math.abs(widest) ? value : widest;
    }
    for (int d = 0; widest < 0 && d < dimension; d++) {
      direction[d] = -direction[d];
    }
    return direction;
  }

  private static float[] project(float[][] rows, float[] direction) {
    float[] along = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      float sum = 0;
      for (int d = 0; d < direction.length; d++) {
        sum += direction[d] * rows[i][d];
      }
      along[i] = sum;
    }
    return along;
  }

  /** Takes a component off all rows; returns how much it was, squared and summed. */
  private static double take(float[][] rows, float[] direction, float[] along) {
    double taken = 0;
    for (int i = 0; i < rows.length; i++) {
      taken += (double) along[i] * along[i];
      for (int d = 0; d < direction.length; d++) {
        rows[i][d] -= along[i] * direction[d];
      }
    }
    return taken;
  }
}
