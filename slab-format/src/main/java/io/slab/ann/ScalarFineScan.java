package io.slab.ann;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** {@link FineScan} in plain loops. */
final class ScalarFineScan extends FineScan {
  private final float[] even = new float[LANES];
  private final float[] odd = new float[LANES];

  ScalarFineScan(Quantizer quantizer, int padded) {
    super(quantizer, padded);
  }

  @Override
  float digits(MemorySegment list, long at) {
    Arrays.fill(even, 0);
    Arrays.fill(odd, 0);
    int mask = (1 << bits) - 1;
    for (int j = 0; j < (bytes & -LANES); j++) {
      int digits = list.get(ValueLayout.JAVA_BYTE, at + j);
      int lane = j % LANES;
      for (int d = j; d < query.length; d += 2 * bytes) {
        even[lane] = Math.fma(digits & mask, query[d], even[lane]);
        odd[lane] = Math.fma(digits >>> bits & mask, query[d + bytes], odd[lane]);
        digits >>>= 2 * bits;
      }
    }
    return fold(even, odd, rest(list, at));
  }
}
