package io.slab.ann;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Codes of one bit a dimension: the direction is +1 where the residual is not negative and -1 where
 * it is (spec/ann.md, "Sign codes").
 */
final class SignEncoder implements RowEncoder {
  static final SignEncoder INSTANCE = new SignEncoder();

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** One in each of eight bytes, and in those whose number has bit 0, 1 or 2. */
  private static final long EVERY = 0x0101010101010101L;

  private static final long BIT_0 = 0x0100010001000100L;
  private static final long BIT_1 = 0x0101000001010000L;
  private static final long BIT_2 = 0x0101010100000000L;

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
      out.direction[d] = 1 - 2 * b0;
      out.direction[d + 1] = 1 - 2 * b1;
      out.direction[d + 2] = 1 - 2 * b2;
      out.direction[d + 3] = 1 - 2 * b3;
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
      products(query, g, out.products);
    }
    out.step = step;
    out.bias = -0.5f * step * total;
  }

  /**
   * Entry p is the sum of the parts of those dimensions whose bit in p agrees with the query. All
   * entries fit a byte, so eight of them are one sum of 64-bit numbers.
   */
  private static int group(float[] query, int g, float inverse, byte[] entries) {
    int p0 = part(query[4 * g], inverse);
    int p1 = part(query[4 * g + 1], inverse);
    int p2 = part(query[4 * g + 2], inverse);
    int p3 = part(query[4 * g + 3], inverse);
    int negative = Math.min(p0, 0) + Math.min(p1, 0) + Math.min(p2, 0) + Math.min(p3, 0);
    long low = p0 * BIT_0 + p1 * BIT_1 + p2 * BIT_2 - negative * EVERY;
    EIGHT.set(entries, 16 * g, low);
    EIGHT.set(entries, 16 * g + 8, low + p3 * EVERY);
    return Math.abs(p0) + Math.abs(p1) + Math.abs(p2) + Math.abs(p3);
  }

  /** Each bit that is set turns the sign of its number from minus to plus. */
  private static void products(float[] query, int g, float[] products) {
    int at = 16 * g;
    products[at] = -(query[4 * g] + query[4 * g + 1] + query[4 * g + 2] + query[4 * g + 3]);
    for (int bit = 0, half = 1; bit < 4; bit++, half *= 2) {
      float twice = 2 * query[4 * g + bit];
      for (int p = 0; p < half; p++) {
        products[at + half + p] = products[at + p] + twice;
      }
    }
  }

  /** Nearest integer, halves away from zero. */
  private static int part(float value, float inverse) {
    float scaled = value * inverse;
    // Not a branch, which would go either way half of the time.
    return (int) (scaled + Math.copySign(0.5f, scaled));
  }
}
