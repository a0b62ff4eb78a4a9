package io.slab.ann;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link FineScan} with vector instructions: eight bytes become eight numbers, plane by plane. */
final class VectorFineScan extends FineScan {
  private static final VectorSpecies<Byte> B = ByteVector.SPECIES_64;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_256;
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_256;
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

  private final float[] even = new float[LANES];
  private final float[] odd = new float[LANES];

  VectorFineScan(Quantizer quantizer, int padded) {
    super(quantizer, padded);
  }

  @Override
  float digits(MemorySegment list, long at) {
    long from = NativeMemory.address(list, at, bytes);
    if (bits == 2) {
      twoBits(query, bytes, from, even, odd);
    } else {
      oneBit(query, bytes, from, even, odd);
    }
    Reference.reachabilityFence(list);
    return fold(even, odd, rest(list, at));
  }

  private static void twoBits(float[] q, int bytes, long from, float[] even, float[] odd) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    for (int j = 0; j <= bytes - LANES; j += LANES) {
      IntVector x = eight(from + j);
      a = plane(x, 0, 3).fma(FloatVector.fromArray(F, q, j), a);
      b = plane(x, 2, 3).fma(FloatVector.fromArray(F, q, j + bytes), b);
      a = plane(x, 4, 3).fma(FloatVector.fromArray(F, q, j + 2 * bytes), a);
      b = plane(x, 6, 3).fma(FloatVector.fromArray(F, q, j + 3 * bytes), b);
    }
    a.intoArray(even, 0);
    b.intoArray(odd, 0);
  }

  private static void oneBit(float[] q, int bytes, long from, float[] even, float[] odd) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    for (int j = 0; j <= bytes - LANES; j += LANES) {
      IntVector x = eight(from + j);
      a = plane(x, 0, 1).fma(FloatVector.fromArray(F, q, j), a);
      b = plane(x, 1, 1).fma(FloatVector.fromArray(F, q, j + bytes), b);
      a = plane(x, 2, 1).fma(FloatVector.fromArray(F, q, j + 2 * bytes), a);
      b = plane(x, 3, 1).fma(FloatVector.fromArray(F, q, j + 3 * bytes), b);
      a = plane(x, 4, 1).fma(FloatVector.fromArray(F, q, j + 4 * bytes), a);
      b = plane(x, 5, 1).fma(FloatVector.fromArray(F, q, j + 5 * bytes), b);
      a = plane(x, 6, 1).fma(FloatVector.fromArray(F, q, j + 6 * bytes), a);
      b = plane(x, 7, 1).fma(FloatVector.fromArray(F, q, j + 7 * bytes), b);
    }
    a.intoArray(even, 0);
    b.intoArray(odd, 0);
  }

  private static IntVector eight(long from) {
    return (IntVector)
        ByteVector.fromMemorySegment(B, NativeMemory.ALL, from, LE)
            .convertShape(VectorOperators.ZERO_EXTEND_B2I, I, 0);
  }

  private static FloatVector plane(IntVector x, int shift, int mask) {
    return (FloatVector)
        x.lanewise(VectorOperators.LSHR, shift).and(mask).convertShape(VectorOperators.I2F, F, 0);
  }
}
