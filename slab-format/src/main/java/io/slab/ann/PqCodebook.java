package io.slab.ann;

import io.slab.bytes.LittleEndian;
import io.slab.bytes.Segments;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Codes of four bits per two dimensions: each pair of dimensions of the residual, scaled to a mean
 * square of one, is replaced by the nearest of 16 trained points (spec/ann.md, "PQ codes").
 * Immutable and thread-safe once trained.
 */
final class PqCodebook implements RowEncoder {
  private static final int POINTS = 16;
  private static final int ITERATIONS = 10;

  /** Where the points leave nothing, any step will do. */
  private static final float LEAST_GRID = 1e-3f;

  /** Per pair of dimensions 16 points of two numbers. */
  private final float[] points;

  private final int padded;

  private final float grid;

  PqCodebook(int padded, float[] points, float grid) {
    this.grid = grid;
    this.padded = padded;
    this.points = points;
  }

  /** Half of the step between the digits of fine codes. */
  float grid() {
    return grid;
  }

  /** Bytes of the section. */
  static long bytes(int padded) {
    return 4L * POINTS * padded;
  }

  static PqCodebook read(int padded, float grid, MemorySegment bytes) {
    float[] points = new float[POINTS * padded];
    Segments.copyFloats(bytes, 0, points, 0, points.length);
    return new PqCodebook(padded, points, grid);
  }

  MemorySegment write() {
    MemorySegment bytes = NativeMemory.allocate(bytes(padded));
    MemorySegment.copy(points, 0, bytes, LittleEndian.FLOAT, 0, points.length);
    return bytes;
  }

  /**
   * Trains every pair of dimensions apart.
   *
   * @param residuals not scaled yet; zero residuals teach nothing
   */
  static PqCodebook train(Sample residuals, long seed, int threads) {
    int padded = residuals.padded();
    float[] points = new float[POINTS * padded];
    float[] scales = scales(residuals);
    double[] left = new double[padded / 2];
    Parallel.run(
        threads,
        padded / 2,
        pair -> {
          float[] x = column(residuals, scales, 2 * pair);
          float[] y = column(residuals, scales, 2 * pair + 1);
          trainPair(x, y, points, 2 * POINTS * pair, SplitMix64.at(seed, pair));
          left[pair] = left(x, y, points, 2 * POINTS * pair);
        });
    double mean = Arrays.stream(left).sum() / Math.max(1, (double) padded * residuals.count());
    return new PqCodebook(
        padded, points, mean > LEAST_GRID && mean < Float.MAX_VALUE ? (float) mean : LEAST_GRID);
  }

  /** What the points leave of some numbers: the sum of its lengths along each dimension. */
  private static double left(float[] x, float[] y, float[] points, int at) {
    double sum = 0;
    for (int row = 0; row < x.length; row++) {
      int p = nearest(x[row], y[row], points, at);
      sum += Math.abs(x[row] - points[at + 2 * p]) + Math.abs(y[row] - points[at + 2 * p + 1]);
    }
    return sum;
  }

  private static float[] scales(Sample residuals) {
    float[] scales = new float[residuals.count()];
    float[] vector = new float[residuals.padded()];
    for (int i = 0; i < scales.length; i++) {
      residuals.get(i, vector);
      double square = 0;
      for (float v : vector) {
        square += (double) v * v;
      }
      scales[i] = square > 0 ? (float) Math.sqrt(vector.length / square) : 0;
    }
    return scales;
  }

  private static float[] column(Sample residuals, float[] scales, int d) {
    float[] column = new float[scales.length];
    for (int i = 0; i < column.length; i++) {
      long at = 4L * ((long) i * residuals.padded() + d);
      column[i] = residuals.vectors().get(LittleEndian.FLOAT, at) * scales[i];
    }
    return column;
  }

  private static void trainPair(float[] x, float[] y, float[] points, int at, long seed) {
    SplitMix64 random = new SplitMix64(seed);
    for (int p = 0; p < POINTS; p++) {
      int start = x.length == 0 ? -1 : random.below(x.length);
      points[at + 2 * p] = start < 0 ? 0 : x[start];
      points[at + 2 * p + 1] = start < 0 ? 0 : y[start];
    }
    double[] sums = new double[3 * POINTS];
    for (int i = 0; i < ITERATIONS; i++) {
      Arrays.fill(sums, 0);
      for (int row = 0; row < x.length; row++) {
        int p = nearest(x[row], y[row], points, at);
        sums[3 * p] += x[row];
        sums[3 * p + 1] += y[row];
        sums[3 * p + 2]++;
      }
      for (int p = 0; p < POINTS; p++) {
        if (sums[3 * p + 2] > 0) {
          points[at + 2 * p] = (float) (sums[3 * p] / sums[3 * p + 2]);
          points[at + 2 * p + 1] = (float) (sums[3 * p + 1] / sums[3 * p + 2]);
        }
      }
    }
  }

  private static int nearest(float x, float y, float[] points, int at) {
    int best = 0;
    float least = Float.POSITIVE_INFINITY;
    for (int p = 0; p < POINTS; p++) {
      float dx = x - points[at + 2 * p];
      float dy = y - points[at + 2 * p + 1];
      float distance = dx * dx + dy * dy;
      if (distance < least) {
        least = distance;
        best = p;
      }
    }
    return best;
  }

  @Override
  public void encode(float[] residual, double norm, float[] centroid, RowCode out) {
    float scale = (float) (Math.sqrt(padded) / norm);
    double dot = 0;
    double centre = 0;
    double square = 0;
    for (int pair = 0; pair < padded / 2; pair++) {
      int at = 2 * POINTS * pair;
      float x = residual[2 * pair];
      float y = residual[2 * pair + 1];
      int p = nearest(x * scale, y * scale, points, at);
      float u = points[at + 2 * p];
      float v = points[at + 2 * p + 1];
      dot += (double) x * u + (double) y * v;
      centre += (double) centroid[2 * pair] * u + (double) centroid[2 * pair + 1] * v;
      square += (double) u * u + (double) v * v;
      out.direction[2 * pair] = u;
      out.direction[2 * pair + 1] = v;
      out.nibbles[pair] = (byte) p;
    }
    out.residualDot = dot;
    out.centroidDot = centre;
    out.square = square;
  }

  @Override
  public void table(float[] query, QueryTable out) {
    int groups = padded / 2;
    float widest = 0;
    double low = 0;
    float[] least = new float[groups];
    float[] products = out.products;
    for (int pair = 0; pair < groups; pair++) {
      float min = Float.POSITIVE_INFINITY;
      float max = Float.NEGATIVE_INFINITY;
      for (int p = POINTS * pair; p < POINTS * (pair + 1); p++) {
        float product = query[2 * pair] * points[2 * p] + query[2 * pair + 1] * points[2 * p + 1];
        products[p] = product;
        min = Math.min(min, product);
        max = Math.max(max, product);
      }
      least[pair] = min;
      low += min;
      widest = Math.max(widest, max - min);
    }
    float step =
        widest > 0 && widest < Float.POSITIVE_INFINITY ? widest / QueryTable.maxEntry(groups) : 1;
    float inverse = 1 / step;
    for (int p = 0; p < products.length; p++) {
      float entry = (products[p] - least[p / POINTS]) * inverse + 0.5f;
      out.entries[p] = (byte) Math.min(entry, QueryTable.maxEntry(groups));
    }
    out.step = step;
    out.bias = (float) low;
  }
}
