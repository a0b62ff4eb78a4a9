package io.slab.ann;

/**
 * The code of one row before it is packed: a direction {@code u} close to the row's residual {@code
 * r}, named by one nibble per group. One thread only; filled by {@link RowEncoder}.
 */
final class RowCode {
  final byte[] nibbles;

  /** The direction itself. */
  final float[] direction;

  /** Inner product of residual and direction. */
  double residualDot;

  /** Inner product of centroid and direction. */
  double centroidDot;

  /** Squared length of the direction. */
  double square;

  RowCode(int groups, int padded) {
    this.nibbles = new byte[groups];
    this.direction = new float[padded];
  }
}
