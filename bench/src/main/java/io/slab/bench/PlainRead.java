package io.slab.bench;

import static jdk.incubator.vector.VectorOperators.OR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The yardstick: looks at every byte of a mapped file and does nothing with it but a bitwise or, as
 * fast as this process can (SIMD, four streams a quarter of a block apart, any number of threads).
 */
final class PlainRead {
  private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_256;

  /** Not a power of two: four streams that fall into the same cache sets hold each other up. */
  private static final int BLOCK = 4 * 62_720;

  /** Where results go, so that no read is optimised away. */
  static volatile long sink;

  private PlainRead() {}

  static void run(MemorySegment bytes, int threads) throws InterruptedException {
    long blocks = bytes.byteSize() / BLOCK;
    List<Thread> others = new ArrayList<>();
    for (int i = 1; i < threads; i++) {
      long from = blocks * i / threads;
      long to = blocks * (i + 1) / threads;
      others.add(Thread.ofPlatform().start(() -> range(bytes, from, to)));
    }
    range(bytes, 0, blocks / threads);
    for (Thread other : others) {
      other.join();
    }
  }

  private static void range(MemorySegment bytes, long from, long to) {
    long sum = 0;
    for (long block = from; block < to; block++) {
      sum |= block(bytes, block * BLOCK, BLOCK / 4);
    }
    sink = sum;
  }

  private static long block(MemorySegment bytes, long at, long quarter) {
    ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    LongVector a = LongVector.zero(SPECIES);
    LongVector b = a;
    LongVector c = a;
    LongVector d = a;
    int end = (int) quarter;
    for (int i = 0; i < end; i += 32) {
      a = a.lanewise(OR, LongVector.fromMemorySegment(SPECIES, bytes, at + i, order));
      b = b.lanewise(OR, LongVector.fromMemorySegment(SPECIES, bytes, at + quarter + i, order));
      c = c.lanewise(OR, LongVector.fromMemorySegment(SPECIES, bytes, at + 2 * quarter + i, order));
      d = d.lanewise(OR, LongVector.fromMemorySegment(SPECIES, bytes, at + 3 * quarter + i, order));
    }
    return a.lanewise(OR, b).lanewise(OR, c.lanewise(OR, d)).reduceLanes(OR);
  }
}
