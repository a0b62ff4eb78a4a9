package io.slab.ann;

/**
 * Codes of one bit a dimension: the direction is +1 where the residual is not negative and -1 where
 * it is (spec/ann.md, "Sign codes").
 */
final class SignEncoder implements RowEncoder {
  static final SignEncoder INSTANCE = new SignEncoder();

  private SignEncoder() {}

  @Override
  public void encode(float[] residual, double norm, float[] centroid, RowCode out) {
    double dot0 = 0;
    double dot1 = 0;
    double centre0 = 0;
    double centre1 = 0;
    for (int g = 0, d = 0; d < residual.length; g++, d += 4) {
      int b0 = Float.floatToRawIntBits(residual[d]) >>> 31;
      int b1 = Float.floatToRawIntBits(residual[d + 1]) >>> 31;
      int b2 = Float.floatToRawIntBits(residual[d + 2]) >>> 31;
      int b3 = Float.floatToRawIntBits(residual[d + 3]) >>> 31;
      dot0 += (double) Math.abs(residual[d]) + Math.abs(residual[d + 1]);
      dot1 += (double) Math.abs(residual[d + 2]) + Math.abs(residual[d + 3]);
      centre0 += (1 - 2 * b0) * (double) centroid[d] + (1 - 2 * b1) * (double) centroid[d + 1];
      centre1 += (1 - 2 * b2) * (double) centroid[d + 2] + (1 - 2 * b3) * (double) centroid[d + 3];
      out.nibbles[g] = (byte) (15 ^ (b0 | b1 << 1 | b2 << 2 | b3 << 3));
    }
    out.residualDot = dot0 + dot1;
    out.centroidDot = centre0 + centre1;
    out.square = residual.length;
  }

  @Override
  public void table(float[] query, QueryTable out) {
    int groups = query.length / 4;
    float widest = 0;
    for (int d = 0; d < query.length; d += 4) {
      widest =
          Math.max(
              widest,
              Math.abs(query[d])
                  + Math.abs(query[d + 1])
                  + Math.abs(query[d + 2])
                  + Math.abs(query[d + 3]));
    }
    // Rounding four parts up can add two to an entry.
    int most = QueryTable.maxEntry(groups) - 2;
    float step = widest > 0 && widest < Float.POSITIVE_INFINITY ? 2 * widest / most : 1;
    long total = 0;
    float inverse = 2 / step;
    for (int g = 0; g < groups; g++) {
      total += group(query, g, inverse, out.entries);
    }
    out.step = step;
    out.bias = -0.5f * step * total;
  }

  /** Entry p is the sum of the parts of those dimensions whose bit in p agrees with the query. */
  private static int group(float[] query, int g, float inverse, byte[] entries) {
    int at = 16 * g;
    int p0 = part(query[4 * g], inverse);
    int p1 = part(query[4 * g + 1], inverse);
    int p2 = part(query[4 * g + 2], inverse);
    int p3 = part(query[4 * g + 3], inverse);
    int negative = Math.min(p0, 0) + Math.min(p1, 0) + Math.min(p2, 0) + Math.min(p3, 0);
    int e = -negative;
    entries[at] = (byte) e;
    entries[at + 1] = (byte) (e + p0);
    entries[at + 2] = (byte) (e + p1);
    entries[at + 3] = (byte) (e + p0 + p1);
    int e2 = e + p2;
    entries[at + 4] = (byte) e2;
    entries[at + 5] = (byte) (e2 + p0);
    entries[at + 6] = (byte) (e2 + p1);
    entries[at + 7] = (byte) (e2 + p0 + p1);
    int e3 = e + p3;
    entries[at + 8] = (byte) e3;
    entries[at + 9] = (byte) (e3 + p0);
    entries[at + 10] = (byte) (e3 + p1);
    entries[at + 11] = (byte) (e3 + p0 + p1);
    int e23 = e2 + p3;
    entries[at + 12] = (byte) e23;
    entries[at + 13] = (byte) (e23 + p0);
    entries[at + 14] = (byte) (e23 + p1);
    entries[at + 15] = (byte) (e23 + p0 + p1);
    return Math.abs(p0) + Math.abs(p1) + Math.abs(p2) + Math.abs(p3);
  }

  /** Nearest integer, halves away from zero. */
  private static int part(float value, float inverse) {
    float scaled = value * inverse;
    return (int) (scaled + (scaled < 0 ? -0.5f : 0.5f));
  }
}
