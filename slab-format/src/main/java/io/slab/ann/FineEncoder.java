package io.slab.ann;

import io.slab.bytes.LittleEndian;
import io.slab.model.Metric;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Makes fine codes: what the direction of a code leaves of the residual, in one or two bits a
 * dimension (spec/ann.md, "Fine codes"). The direction of both together is {@code u + grid * v}, v
 * of odd numbers. One thread only.
 */
final class FineEncoder {
  private final float grid;
  private final float inverse;
  private final float length;
  private final int bits;
  private final byte[] digits;
  private final RowFactors factors;

  /** The dots of the finer direction; its nibbles are not used. */
  private final RowCode fine;

  /**
   * @param grid half of the step between neighbouring digits
   */
  FineEncoder(Metric metric, Quantizer quantizer, float grid, int padded) {
    this.grid = grid;
    this.inverse = 1 / (2 * grid);
    this.length = quantizer.length();
    this.bits = quantizer.digitBits();
    this.digits = new byte[quantizer.digitBytes(padded)];
    this.factors = new RowFactors(metric);
    this.fine = new RowCode(0, padded);
  }

  /**
   * Writes the fine code of a row.
   *
   * @param square of the residual
   * @param along inner product of residual and centroid
   * @param code of the row
   * @param list where to, zeros
   */
  void write(
      float[] residual,
      double square,
      double along,
      float[] centroid,
      RowCode code,
      MemorySegment list,
      long at) {
    if (!(square > 0) || square == Double.POSITIVE_INFINITY) {
      return;
    }
    digits(residual, (float) (Math.sqrt(residual.length / square) / length), centroid, code);
    factors.of(square, along, residual.length, fine);
    list.set(LittleEndian.FLOAT, at, factors.add);
    list.set(LittleEndian.FLOAT, at + 4, factors.rescale);
    list.set(LittleEndian.FLOAT, at + 8, factors.error);
    MemorySegment.copy(
        digits, 0, list, ValueLayout.JAVA_BYTE, at + ListLayout.FINE_FACTORS, digits.length);
  }

  /** The digit of a dimension is the number of the step of the grid that what is left falls in. */
  private void digits(float[] residual, float scale, float[] centroid, RowCode code) {
    Arrays.fill(digits, (byte) 0);
    int most = (1 << bits) - 1;
    int middle = 1 << bits - 1;
    double dot = 0;
    double centre = 0;
    double length2 = 0;
    int plane = 0;
    int place = 0;
    for (int d = 0; d < residual.length; d++) {
      float u = code.direction[d];
      float steps = (residual[d] * scale - u) * inverse;
      int digit = Math.clamp((int) Math.floor(steps) + middle, 0, most);
      float v = u + grid * (2 * digit - most);
      dot += (double) residual[d] * v;
      centre += (double) centroid[d] * v;
      length2 += (double) v * v;
      digits[place] |= (byte) (digit << bits * plane);
      if (++place == digits.length) {
        place = 0;
        plane++;
      }
    }
    fine.residualDot = dot;
    fine.centroidDot = centre;
    fine.square = length2;
  }
}
