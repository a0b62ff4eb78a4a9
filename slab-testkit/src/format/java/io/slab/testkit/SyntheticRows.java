package io.slab.testkit;

import io.slab.ann.MemoryRows;
import io.slab.ann.SplitMix64;

/**
 * Generated vectors with the local structure of real embeddings: clusters with power-law sizes,
 * each around a centre of its own, each spread over few directions of its own with falling
 * strength, a little noise in all dimensions, and some exact duplicates. The same seed and row give
 * the same vector; queries are further rows of the same clusters.
 *
 * @param clusters number of clusters
 * @param intrinsic directions a cluster spreads over
 * @param noise standard deviation of the noise in each dimension, where the first direction has 1
 * @param duplicates share of rows that repeat another row
 */
public record SyntheticRows(
    int dimension, int clusters, int intrinsic, float noise, float duplicates, long seed) {
  /** The set that the benchmark speaks of. */
  public static SyntheticRows standard(int dimension) {
    return new SyntheticRows(dimension, 2000, 16, 0.08f, 0.02f, 1);
  }

  /** Rows {@code first .. first + count}. */
  public MemoryRows generate(long first, int count) {
    float[][] centres = new float[clusters][];
    float[][] directions = new float[clusters][];
    double[] shares = new double[clusters];
    double total = 0;
    for (int c = 0; c < clusters; c++) {
      SplitMix64 random = new SplitMix64(SplitMix64.at(seed, c));
      centres[c] = gaussians(random, dimension, 1.0 / Math.sqrt(dimension) * 6);
      directions[c] = gaussians(random, intrinsic * dimension, 1.0 / Math.sqrt(dimension));
      total += 1 / Math.pow(c + 10, 0.7);
      shares[c] = total;
    }
    MemoryRows rows = MemoryRows.allocate(count, dimension);
    int threads = Math.min(8, Runtime.getRuntime().availableProcessors());
    double sum = total;
    java.util.stream.IntStream.range(0, threads)
        .parallel()
        .forEach(t -> {
          float[] row = new float[dimension];
          for (int i = t; i < count; i += threads) {
            fill(first + i, row, centres, directions, shares, sum);
            rows.set(i, row);
          }
        });
    return rows;
  }

  private void fill(
      long number,
      float[] row,
      float[][] centres,
      float[][] directions,
      double[] shares,
      double total) {
    SplitMix64 random = new SplitMix64(SplitMix64.at(seed + 1, number));
    if (random.unit() < duplicates && number > 0) {
      random =
          new SplitMix64(SplitMix64.at(seed + 1, random.below((int) Math.min(number, 1 << 30))));
      random.next();
    }
    int found = java.util.Arrays.binarySearch(shares, random.unit() * total);
    int c = Math.min(clusters - 1, found < 0 ? -found - 1 : found);
    System.arraycopy(centres[c], 0, row, 0, dimension);
    for (int k = 0; k < intrinsic; k++) {
      float strength = (float) (random.gaussian() * 3 / Math.sqrt(k + 1));
      for (int d = 0; d < dimension; d++) {
        row[d] += strength * directions[c][k * dimension + d];
      }
    }
    for (int d = 0; d < dimension; d++) {
      // A sum of uniform numbers is noise enough and much quicker than a logarithm.
      row[d] += noise * (float) ((random.unit() + random.unit() - 1) * 2.449);
    }
  }

  private static float[] gaussians(SplitMix64 random, int count, double scale) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.gaussian() * scale);
    }
    return values;
  }
}
