package io.slab.bench;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The yardstick: looks at every byte of a mapped file and does nothing with it but a bitwise or, as fast as this process
 * can (SIMD, four streams a quarter of a block apart, any number of threads).
 */
final class PlainRead {
  private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_256;
  private static final int BLOCK = 256 << 10;

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
      sum |= block(bytes, block * BLOCK);
    }
    sink = sum;
  }

  private static long block(MemorySegment bytes, long at) {
    ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    int quarter = BLOCK / 4;
    LongVector a = LongVector.zero(SPECIES);
    LongVector b = a;
    LongVector c = a;
    LongVector d = a;
    long at1 = at + quarter;
    long at2 = at1 + quarter;
    long at3 = at2 + quarter;
    for (int i = 0; i < quarter; i += 32) {
      long p = i;
      a = LongVector.fromMemorySegment(SPECIES, bytes, at + p, order).or(a);
      b = LongVector.fromMemorySegment(SPECIES, bytes, at1 + p, order).or(b);
      c = LongVector.fromMemorySegment(SPECIES, bytes, at2 + p, order).or(c);
      d = LongVector.fromMemorySegment(SPECIES, bytes, at3 + p, order).or(d);
    }
    return a.or(b).or(c.or(d)).reduceLanes(VectorOperators.OR);
  }
}
