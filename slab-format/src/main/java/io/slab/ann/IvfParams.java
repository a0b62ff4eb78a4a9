package io.slab.ann;

/**
 * How an index is built.
 *
 * @param cells number wanted, at least 1; fewer when there are fewer rows, more after splits
 * @param quantizer what codes are
 * @param seed of every random choice
 * @param iterations of k-means
 * @param samplePerCell rows per cell that k-means sees
 * @param threads that may be used; the result is the same for any number
 */
public record IvfParams(
    int cells, Quantizer quantizer, long seed, int iterations, int samplePerCell, int threads) {
  private static final int DEFAULT_ITERATIONS = 6;
  private static final int DEFAULT_SAMPLE = 80;

  public IvfParams {
    if (cells < 1 || iterations < 1 || samplePerCell < 1 || threads < 1) {
      throw new IllegalArgumentException("cells, iterations, sample and threads start at 1");
    }
  }

  public static IvfParams of(int cells, Quantizer quantizer, long seed, int threads) {
    return new IvfParams(cells, quantizer, seed, DEFAULT_ITERATIONS, DEFAULT_SAMPLE, threads);
  }
}
