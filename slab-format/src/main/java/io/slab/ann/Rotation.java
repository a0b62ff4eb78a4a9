package io.slab.ann;

/**
 * A random orthogonal map: three rounds of random signs and a fast Walsh-Hadamard transform over
 * the leading and then the trailing window of the largest power of two that fits (spec/ann.md,
 * "Rotation"). It spreads the energy of any vector evenly over the dimensions, which is what makes
 * one bit a dimension carry an unbiased estimate.
 *
 * <p>Every step is one IEEE single-precision addition, subtraction or multiplication per element,
 * so all implementations give the same bits. Immutable and thread-safe.
 */
public final class Rotation {
  static final int ROUNDS = 3;

  private final int dimension;
  private final int padded;
  private final int window;
  private final float scale;
  private final float[] signs;

  /**
   * @param dimension of the vectors, 1 to 20,000; they are padded with zeros to {@link #padded}
   */
  public Rotation(int dimension, long seed) {
    if (dimension < 1) {
      throw new IllegalArgumentException("dimension " + dimension + " is below 1");
    }
    this.dimension = dimension;
    this.padded = paddedDimension(dimension);
    this.window = Integer.highestOneBit(padded);
    this.scale = (float) (1 / Math.sqrt(window));
    this.signs = signs(padded, seed);
  }

  /** The dimension rounded up to a multiple of 16. */
  public static int paddedDimension(int dimension) {
    return (dimension + 15) & -16;
  }

  private static float[] signs(int padded, long seed) {
    int words = (padded + 63) / 64;
    float[] signs = new float[ROUNDS * padded];
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < padded; i++) {
        long word = SplitMix64.at(seed, (long) round * words + (i >> 6));
        signs[round * padded + i] = (word >>> i & 1) == 0 ? 1f : -1f;
      }
    }
    return signs;
  }

  public int dimension() {
    return dimension;
  }

  /** Length of a rotated vector. */
  public int padded() {
    return padded;
  }

  int window() {
    return window;
  }

  float scale() {
    return scale;
  }

  /** The signs of all rounds, one after the other. */
  float[] signs() {
    return signs;
  }

  /**
   * Rotates in place.
   *
   * @param vector {@link #padded()} numbers, zero from {@link #dimension()} on
   */
  public void apply(float[] vector) {
    for (int round = 0; round < ROUNDS; round++) {
      int at = round * padded;
      for (int i = 0; i < padded; i++) {
        vector[i] *= signs[at + i];
      }
      transform(vector, 0, window, scale);
      if (window != padded) {
        transform(vector, padded - window, window, scale);
      }
    }
  }

  private static void transform(float[] x, int from, int length, float scale) {
    for (int at = from; at < from + length; at += 8) {
      ofEight(x, at);
    }
    for (int half = 8; half < length; half *= 2) {
      for (int base = from; base < from + length; base += 2 * half) {
        for (int i = base; i < base + half; i++) {
          float a = x[i];
          float b = x[i + half];
          x[i] = a + b;
          x[i + half] = a - b;
        }
      }
    }
    for (int i = from; i < from + length; i++) {
      x[i] *= scale;
    }
  }

  /**
   * The stages of half-width 1, 2 and 4 of eight numbers: loops so short cost more than they do.
   */
  private static void ofEight(float[] x, int at) {
    float a = x[at] + x[at + 1];
    float b = x[at] - x[at + 1];
    float c = x[at + 2] + x[at + 3];
    float d = x[at + 2] - x[at + 3];
    float e = x[at + 4] + x[at + 5];
    float f = x[at + 4] - x[at + 5];
    float g = x[at + 6] + x[at + 7];
    float h = x[at + 6] - x[at + 7];
    float ac = a + c;
    float bd = b + d;
    float aMinusC = a - c;
    float bMinusD = b - d;
    float eg = e + g;
    float fh = f + h;
    float eMinusG = e - g;
    float fMinusH = f - h;
    x[at] = ac + eg;
    x[at + 1] = bd + fh;
    x[at + 2] = aMinusC + eMinusG;
    x[at + 3] = bMinusD + fMinusH;
    x[at + 4] = ac - eg;
    x[at + 5] = bd - fh;
    x[at + 6] = aMinusC - eMinusG;
    x[at + 7] = bMinusD - fMinusH;
  }
}
