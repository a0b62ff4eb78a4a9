package io.slab.inspect;

import io.slab.bytes.XxHash64;
import io.slab.format.section.DenseRows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/**
 * What the dense vectors of a slab look like.
 *
 * @param sample the rows that were looked at; everything below is about these
 * @param norms Euclidean norms
 * @param meanNorm their mean
 * @param means of each dimension
 * @param deviations standard deviation of each dimension
 * @param constantDimensions those without any
 * @param effectiveDimensions how many dimensions of equal variance would spread as much: the square
 *     of the summed variances by the sum of their squares; between 1 and the dimension, 0 when
 *     nothing varies
 * @param zeroRows vectors of zeros alone
 * @param duplicateRows vectors that are, bit for bit, one seen before
 * @param duplicateGroups different vectors that occur more than once
 * @param largestGroup rows of the most frequent vector
 */
public record VectorStats(
    SampledRows sample,
    Histogram norms,
    double meanNorm,
    float[] means,
    float[] deviations,
    int constantDimensions,
    double effectiveDimensions,
    int zeroRows,
    int duplicateRows,
    int duplicateGroups,
    int largestGroup) {
  /** Rows that are looked at unless more are asked for: a second's work at most dimensions. */
  public static final int SAMPLE = 10_000;

  /** Intervals of the histogram of norms. */
  public static final int BINS = 24;

  /**
   * Looks at the vectors.
   *
   * @param most rows to look at, 0 for all
   */
  public static VectorStats of(DenseRows vectors, int most) {
    return new Scan(vectors, SampledRows.of(vectors.rows(), most)).run();
  }

  private static final class Scan {
    private final DenseRows vectors;
    private final SampledRows sample;
    private final double[] norms;
    private final double[] sums;
    private final double[] squares;
    private final Map<Long, Group> groups = new HashMap<>();
    private int zeros;
    private int repeats;
    private int repeated;
    private int largest;

    /** A vector that was seen, by the row that had it first. */
    private static final class Group {
      final int first;
      int rows = 1;

      Group(int first) {
        this.first = first;
      }
    }

    Scan(DenseRows vectors, SampledRows sample) {
      this.vectors = vectors;
      this.sample = sample;
      this.norms = new double[sample.count()];
      this.sums = new double[vectors.dimension()];
      this.squares = new double[vectors.dimension()];
    }

    VectorStats run() {
      float[] values = new float[vectors.dimension()];
      double total = 0;
      for (int i = 0; i < norms.length; i++) {
        vectors.copy(sample.row(i), values);
        norms[i] = norm(values);
        total += norms[i];
        zeros += norms[i] == 0 ? 1 : 0;
        repeat(sample.row(i));
      }
      int count = Math.max(1, norms.length);
      return spread(total / count, count);
    }

    private double norm(float[] values) {
      double square = 0;
      for (int d = 0; d < values.length; d++) {
        double value = values[d];
        sums[d] += value;
        squares[d] += value * value;
        square += value * value;
      }
      return Math.sqrt(square);
    }

    private void repeat(int row) {
      MemorySegment bytes = vectors.slice(row, 1);
      long hash = XxHash64.hash(bytes.toArray(ValueLayout.JAVA_BYTE));
      Group group = groups.putIfAbsent(hash, new Group(row));
      if (group == null || vectors.slice(group.first, 1).mismatch(bytes) >= 0) {
        return;
      }
      repeats++;
      repeated += group.rows == 1 ? 1 : 0;
      group.rows++;
      largest = Math.max(largest, group.rows);
    }

    private VectorStats spread(double meanNorm, int count) {
      float[] means = new float[sums.length];
      float[] deviations = new float[sums.length];
      int constant = 0;
      double variances = 0;
      double products = 0;
      for (int d = 0; d < sums.length; d++) {
        double mean = sums[d] / count;
        double variance = Math.max(0, squares[d] / count - mean * mean);
        // What is left of a constant after rounding is no variance.
        variance = variance <= 1e-13 * mean * mean ? 0 : variance;
        means[d] = (float) mean;
        deviations[d] = (float) Math.sqrt(variance);
        constant += variance == 0 ? 1 : 0;
        variances += variance;
        products += variance * variance;
      }
      double effective = products > 0 ? variances * variances / products : 0;
      return new VectorStats(
          sample,
          Histogram.of(norms, BINS),
          meanNorm,
          means,
          deviations,
          constant,
          effective,
          zeros,
          repeats,
          repeated,
          largest);
    }
  }
}
