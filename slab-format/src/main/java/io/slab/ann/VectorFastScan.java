package io.slab.ann;

import io.slab.bytes.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FastScan} with 128-bit byte shuffles: one instruction looks up 16 nibbles. Wider shuffles
 * cross lanes and cost six. Four look-ups are added in bytes before they are widened; the shift of
 * the widening is done in 32-bit lanes, which take it as a constant.
 */
final class VectorFastScan implements FastScan {
  private static final VectorSpecies<Byte> B = ByteVector.SPECIES_128;
  private static final VectorSpecies<Short> H = ShortVector.SPECIES_128;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_256;
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_256;
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

  /** Read as a variable so that C2 does not count the loop, unroll it and spill accumulators. */
  private static long fourGroups = 64;

  private final int groups;
  private final MemorySegment table;
  private final MemorySegment sums = NativeMemory.allocate(2L * BLOCK * MAX_BLOCKS);
  private final MemorySegment bounds = NativeMemory.allocate(4L * BLOCK * MAX_BLOCKS);
  private final int[] masks = new int[MAX_BLOCKS];

  /**
   * @param groups a multiple of four
   */
  VectorFastScan(int groups) {
    this.groups = groups;
    this.table = NativeMemory.allocate(16L * groups);
  }

  @Override
  public void prepare(byte[] entries) {
    MemorySegment.copy(entries, 0, table, ValueLayout.JAVA_BYTE, 0, 16 * groups);
  }

  @Override
  public void sums(MemorySegment lists, long codesAt, int[] blocks, int count) {
    long stride = 16L * groups;
    long codes = NativeMemory.address(lists, codesAt, (blocks[count - 1] + 1) * stride);
    long lut = table.address();
    long out = sums.address();
    long step = fourGroups;
    for (int place = 0; place < count; place++) {
      block(codes + blocks[place] * stride, lut, lut + stride, out + 64L * place, step);
    }
    Reference.reachabilityFence(lists);
    Reference.reachabilityFence(this);
  }

  private static void block(long codesAt, long lutAt, long lutEnd, long out, long step) {
    MemorySegment m = NativeMemory.ALL;
    ShortVector a0 = ShortVector.zero(H);
    ShortVector a1 = a0;
    ShortVector a2 = a0;
    ShortVector a3 = a0;
    long at = codesAt;
    for (long t = lutAt; t < lutEnd; t += step, at += step) {
      ByteVector c = ByteVector.fromMemorySegment(B, m, at, LE);
      ByteVector l = ByteVector.fromMemorySegment(B, m, t, LE);
      ByteVector lo = c.and((byte) 15).selectFrom(l);
      ByteVector hi = high(c).selectFrom(l);

      c = ByteVector.fromMemorySegment(B, m, at + 16, LE);
      l = ByteVector.fromMemorySegment(B, m, t + 16, LE);
      lo = lo.add(c.and((byte) 15).selectFrom(l));
      hi = hi.add(high(c).selectFrom(l));

      c = ByteVector.fromMemorySegment(B, m, at + 32, LE);
      l = ByteVector.fromMemorySegment(B, m, t + 32, LE);
      lo = lo.add(c.and((byte) 15).selectFrom(l));
      hi = hi.add(high(c).selectFrom(l));

      c = ByteVector.fromMemorySegment(B, m, at + 48, LE);
      l = ByteVector.fromMemorySegment(B, m, t + 48, LE);
      lo = lo.add(c.and((byte) 15).selectFrom(l));
      hi = hi.add(high(c).selectFrom(l));

      IntVector lows = lo.reinterpretAsInts();
      IntVector highs = hi.reinterpretAsInts();
      a0 = a0.add(lows.and(0x00FF00FF).reinterpretAsShorts());
      a1 = a1.add(lows.lanewise(VectorOperators.LSHR, 8).and(0x00FF00FF).reinterpretAsShorts());
      a2 = a2.add(highs.and(0x00FF00FF).reinterpretAsShorts());
      a3 = a3.add(highs.lanewise(VectorOperators.LSHR, 8).and(0x00FF00FF).reinterpretAsShorts());
    }
    a0.intoMemorySegment(m, out, LE);
    a1.intoMemorySegment(m, out + 16, LE);
    a2.intoMemorySegment(m, out + 32, LE);
    a3.intoMemorySegment(m, out + 48, LE);
  }

  private static ByteVector high(ByteVector codes) {
    return codes
        .reinterpretAsInts()
        .lanewise(VectorOperators.LSHR, 4)
        .reinterpretAsBytes()
        .and((byte) 15);
  }

  @Override
  public void bounds(
      MemorySegment lists, long factorsAt, int[] blocks, int count, Probe p, float threshold) {
    long factors = NativeMemory.address(lists, factorsAt, (blocks[count - 1] + 1L) * FACTOR_BYTES);
    for (int place = 0; place < count; place++) {
      masks[place] =
          bounds(
              factors + (long) blocks[place] * FACTOR_BYTES,
              sums.address() + 64L * place,
              bounds.address() + 128L * place,
              p.step,
              p.bias,
              p.base,
              p.tilt,
              p.spread,
              threshold);
    }
    Reference.reachabilityFence(lists);
    Reference.reachabilityFence(this);
  }

  private static int bounds(
      long factors,
      long sums,
      long out,
      float step,
      float bias,
      float base,
      float tilt,
      float spread,
      float threshold) {
    MemorySegment m = NativeMemory.ALL;
    int mask = 0;
    for (int i = 0; i < 4; i++) {
      long at = factors + 32L * i;
      FloatVector add = FloatVector.fromMemorySegment(F, m, at, LE);
      FloatVector rescale = FloatVector.fromMemorySegment(F, m, at + 128, LE);
      FloatVector error = FloatVector.fromMemorySegment(F, m, at + 256, LE);
      FloatVector sum =
          (FloatVector)
              ShortVector.fromMemorySegment(H, m, sums + 16L * i, LE)
                  .convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0)
                  .convertShape(VectorOperators.I2F, F, 0);
      FloatVector bound =
          rescale.mul(sum.mul(step).add(bias)).add(add.mul(tilt).add(base)).sub(error.mul(spread));
      bound.intoMemorySegment(m, out + 32L * i, LE);
      mask |= (int) bound.compare(VectorOperators.GT, threshold).toLong() << (8 * i);
    }
    // Not greater, rather than at most: a bound that is no number prunes nothing.
    return ~mask;
  }

  @Override
  public int sum(int row) {
    return sums.get(LittleEndian.SHORT, 2L * row) & 0xFFFF;
  }

  @Override
  public float bound(int row) {
    return bounds.get(LittleEndian.FLOAT, 4L * row);
  }

  @Override
  public void copyBounds(float[] out, int rows) {
    MemorySegment.copy(bounds, LittleEndian.FLOAT, 0, out, 0, rows);
  }

  @Override
  public int survives(int place) {
    return masks[place];
  }
}
