package io.slab.ann;

/** The standard normal distribution. */
final class Normal {
  private Normal() {}

  /**
   * What all but a share of the values exceeds; within 0.0005 (Abramowitz and Stegun, 26.2.23).
   *
   * @param share in (0, 1]
   * @return standard deviations from the mean; 0 for a half and more
   */
  static float above(double share) {
    double t = StrictMath.sqrt(-2 * StrictMath.log(share));
    double z =
        t
            - (2.515517 + t * (0.802853 + t * 0.010328))
                / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    return (float) Math.max(0, z);
  }
}
