package io.slab.ann;

/**
 * The generator behind every random choice of an index, small enough to be repeated in any language
 * (spec/ann.md, "Random numbers"). Output {@code n} of a seed is {@code mix(seed + (n + 1) *
 * 0x9E3779B97F4A7C15)}. One thread only.
 */
public final class SplitMix64 {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long state;

  public SplitMix64(long seed) {
    this.state = seed;
  }

  /** Output {@code n} (from 0) of a seed, without the ones before it. */
  public static long at(long seed, long n) {
    return mix(seed + (n + 1) * GOLDEN);
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  public long next() {
    state += GOLDEN;
    return mix(state);
  }

  /** A number in [0, bound), from the high bits of one output; the bias is below bound / 2^32. */
  public int below(int bound) {
    return (int) (((next() >>> 32) * bound) >>> 32);
  }

  /** A number in [0, 1) of 53 bits. */
  public double unit() {
    return (next() >>> 11) * 0x1p-53;
  }

  /** A standard normal number (Box-Muller, two outputs). */
  public double gaussian() {
    double radius = Math.sqrt(-2 * Math.log(1 - unit()));
    return radius * Math.cos(2 * Math.PI * unit());
  }
}
