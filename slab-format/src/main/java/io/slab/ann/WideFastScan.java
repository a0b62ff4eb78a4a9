package io.slab.ann;

import io.slab.bytes.LittleEndian;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FastScan} with 512-bit byte permutations, for processors that have one that crosses lanes
 * (AVX-512 VBMI). The tables of four groups, 64 entries, are one register, and an index of six bits
 * finds the group's table and its entry at once: one instruction looks up 64 nibbles. Sums are
 * added over the groups of a lane first, four of them in bytes, and over the four lanes at the end
 * of a block.
 */
final class WideFastScan implements FastScan {
  private static final VectorSpecies<Byte> B = ByteVector.SPECIES_512;
  private static final VectorSpecies<Short> H = ShortVector.SPECIES_512;
  private static final VectorSpecies<Short> H256 = ShortVector.SPECIES_256;
  private static final VectorSpecies<Short> H128 = ShortVector.SPECIES_128;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_512;
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_512;
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
  private static final int LANES = 16;

  /** Bytes of four groups: a register of codes or of tables. */
  private static final int CHUNK = 64;

  /** Which of the four tables a lane looks up. */
  private static final MemorySegment TABLES = tables();

  /** Read as a variable so that C2 does not count the loop, unroll it and spill accumulators. */
  private static long fourChunks = 4 * CHUNK;

  private final int groups;
  private final MemorySegment table;
  private final MemorySegment lanes = NativeMemory.allocate(8L * BLOCK * MAX_BLOCKS);
  private final MemorySegment sums = NativeMemory.allocate(2L * BLOCK * MAX_BLOCKS);
  private final MemorySegment bounds = NativeMemory.allocate(4L * BLOCK * MAX_BLOCKS);
  private final int[] masks = new int[MAX_BLOCKS];

  /**
   * @param groups a multiple of four
   */
  WideFastScan(int groups) {
    this.groups = groups;
    this.table = NativeMemory.allocate(16L * groups);
  }

  /**
   * True where the permutation is one instruction. The virtual machine does not say; without it the
   * same code runs, a hundred times slower.
   */
  static boolean isQuick() {
    return Support.QUICK;
  }

  private static final class Support {
    static final boolean QUICK =
        ByteVector.SPECIES_PREFERRED.length() == CHUNK && processorHas("avx512vbmi");

    private static boolean processorHas(String flag) {
      try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
        return lines
            .filter(line -> line.startsWith("flags"))
            .findFirst()
            .map(line -> (line + " ").contains(" " + flag + " "))
            .orElse(false);
      } catch (IOException | RuntimeException e) {
        // Another system: the narrow kernel runs everywhere.
        return false;
      }
    }
  }

  private static MemorySegment tables() {
    MemorySegment lanes = NativeMemory.allocate(CHUNK);
    for (int i = 0; i < CHUNK; i++) {
      lanes.set(ValueLayout.JAVA_BYTE, i, (byte) (i & 0x30));
    }
    return lanes;
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
    long out = lanes.address();
    long step = fourChunks;
    long whole = lut + stride / step * step;
    for (int place = 0; place < count; place++) {
      block(codes + blocks[place] * stride, lut, whole, lut + stride, out + 256L * place, step);
    }
    fold(out, sums.address(), 4 * count);
    Reference.reachabilityFence(lists);
    Reference.reachabilityFence(this);
  }

  /**
   * Written out: vectors that cross a call which is not inlined are objects, and this is more than
   * the compiler inlines into one loop.
   */
  private static void block(
      long codesAt, long lutAt, long whole, long lutEnd, long out, long step) {
    MemorySegment m = NativeMemory.ALL;
    ByteVector lane = ByteVector.fromMemorySegment(B, m, TABLES.address(), LE);
    ShortVector a0 = ShortVector.zero(H);
    ShortVector a1 = a0;
    ShortVector a2 = a0;
    ShortVector a3 = a0;
    long at = codesAt;
    long t = lutAt;
    for (; t < whole; t += step, at += step) {
      ByteVector c = ByteVector.fromMemorySegment(B, m, at, LE);
      ByteVector l = ByteVector.fromMemorySegment(B, m, t, LE);
      ByteVector lo = c.and((byte) 15).or(lane).selectFrom(l);
      ByteVector hi =
          c.reinterpretAsInts()
              .lanewise(VectorOperators.LSHR, 4)
              .reinterpretAsBytes()
              .and((byte) 15)
              .or(lane)
              .selectFrom(l);

      c = ByteVector.fromMemorySegment(B, m, at + 64, LE);
      l = ByteVector.fromMemorySegment(B, m, t + 64, LE);
      lo = lo.add(c.and((byte) 15).or(lane).selectFrom(l));
      hi =
          hi.add(
              c.reinterpretAsInts()
                  .lanewise(VectorOperators.LSHR, 4)
                  .reinterpretAsBytes()
                  .and((byte) 15)
                  .or(lane)
                  .selectFrom(l));

      c = ByteVector.fromMemorySegment(B, m, at + 128, LE);
      l = ByteVector.fromMemorySegment(B, m, t + 128, LE);
      lo = lo.add(c.and((byte) 15).or(lane).selectFrom(l));
      hi =
          hi.add(
              c.reinterpretAsInts()
                  .lanewise(VectorOperators.LSHR, 4)
                  .reinterpretAsBytes()
                  .and((byte) 15)
                  .or(lane)
                  .selectFrom(l));

      c = ByteVector.fromMemorySegment(B, m, at + 192, LE);
      l = ByteVector.fromMemorySegment(B, m, t + 192, LE);
      lo = lo.add(c.and((byte) 15).or(lane).selectFrom(l));
      hi =
          hi.add(
              c.reinterpretAsInts()
                  .lanewise(VectorOperators.LSHR, 4)
                  .reinterpretAsBytes()
                  .and((byte) 15)
                  .or(lane)
                  .selectFrom(l));

      IntVector lows = lo.reinterpretAsInts();
      IntVector highs = hi.reinterpretAsInts();
      a0 = a0.add(lows.and(0x00FF00FF).reinterpretAsShorts());
      a1 = a1.add(lows.lanewise(VectorOperators.LSHR, 8).and(0x00FF00FF).reinterpretAsShorts());
      a2 = a2.add(highs.and(0x00FF00FF).reinterpretAsShorts());
      a3 = a3.add(highs.lanewise(VectorOperators.LSHR, 8).and(0x00FF00FF).reinterpretAsShorts());
    }
    for (; t < lutEnd; t += CHUNK, at += CHUNK) {
      ByteVector c = ByteVector.fromMemorySegment(B, m, at, LE);
      ByteVector l = ByteVector.fromMemorySegment(B, m, t, LE);
      ByteVector lo = c.and((byte) 15).or(lane).selectFrom(l);
      ByteVector hi =
          c.reinterpretAsInts()
              .lanewise(VectorOperators.LSHR, 4)
              .reinterpretAsBytes()
              .and((byte) 15)
              .or(lane)
              .selectFrom(l);

      IntVector lows = lo.reinterpretAsInts();
      IntVector highs = hi.reinterpretAsInts();
      a0 = a0.add(lows.and(0x00FF00FF).reinterpretAsShorts());
      a1 = a1.add(lows.lanewise(VectorOperators.LSHR, 8).and(0x00FF00FF).reinterpretAsShorts());
      a2 = a2.add(highs.and(0x00FF00FF).reinterpretAsShorts());
      a3 = a3.add(highs.lanewise(VectorOperators.LSHR, 8).and(0x00FF00FF).reinterpretAsShorts());
    }
    a0.intoMemorySegment(m, out, LE);
    a1.intoMemorySegment(m, out + 64, LE);
    a2.intoMemorySegment(m, out + 128, LE);
    a3.intoMemorySegment(m, out + 192, LE);
  }

  /** Adds the four lanes of 128 bits of {@code count} registers. */
  private static void fold(long lanes, long out, int count) {
    MemorySegment m = NativeMemory.ALL;
    for (int i = 0; i < count; i++) {
      long at = lanes + 64L * i;
      ShortVector.fromMemorySegment(H128, m, at, LE)
          .add(ShortVector.fromMemorySegment(H128, m, at + 16, LE))
          .add(
              ShortVector.fromMemorySegment(H128, m, at + 32, LE)
                  .add(ShortVector.fromMemorySegment(H128, m, at + 48, LE)))
          .intoMemorySegment(m, out + 16L * i, LE);
    }
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
    int low = half(factors, sums, out, step, bias, base, tilt, spread, threshold);
    int high = half(factors + 64, sums + 32, out + 64, step, bias, base, tilt, spread, threshold);
    // Not greater, rather than at most: a bound that is no number prunes nothing.
    return ~(low | high << LANES);
  }

  private static int half(
      long at,
      long sums,
      long out,
      float step,
      float bias,
      float base,
      float tilt,
      float spread,
      float threshold) {
    MemorySegment m = NativeMemory.ALL;
    FloatVector add = FloatVector.fromMemorySegment(F, m, at, LE);
    FloatVector rescale = FloatVector.fromMemorySegment(F, m, at + 128, LE);
    FloatVector error = FloatVector.fromMemorySegment(F, m, at + 256, LE);
    FloatVector sum =
        (FloatVector)
            ShortVector.fromMemorySegment(H256, m, sums, LE)
                .convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0)
                .convertShape(VectorOperators.I2F, F, 0);
    FloatVector bound =
        rescale.mul(sum.mul(step).add(bias)).add(add.mul(tilt).add(base)).sub(error.mul(spread));
    bound.intoMemorySegment(m, out, LE);
    return (int) bound.compare(VectorOperators.GT, threshold).toLong();
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
