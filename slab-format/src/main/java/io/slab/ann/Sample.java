package io.slab.ann;

import io.slab.bytes.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * Vectors of the index space, row-major, outside the heap.
 *
 * @param vectors {@code count * padded} f32
 */
record Sample(int count, int padded, MemorySegment vectors) {
  static Sample allocate(int count, int padded) {
    return new Sample(count, padded, NativeMemory.allocate(4L * count * padded));
  }

  void set(int i, float[] vector) {
    MemorySegment.copy(vector, 0, vectors, LittleEndian.FLOAT, 4L * i * padded, padded);
  }

  void get(int i, float[] vector) {
    MemorySegment.copy(vectors, LittleEndian.FLOAT, 4L * i * padded, vector, 0, padded);
  }

  MemorySegment slice(int first, int rows) {
    return vectors.asSlice(4L * first * padded, 4L * rows * padded);
  }

  /** The vectors of some positions. */
  Sample select(int[] positions, int from, int to) {
    Sample part = allocate(to - from, padded);
    for (int i = from; i < to; i++) {
      MemorySegment.copy(
          vectors, 4L * positions[i] * padded, part.vectors, 4L * (i - from) * padded, 4L * padded);
    }
    return part;
  }

  /** {@code count} distinct numbers below {@code bound}, ascending. */
  static int[] positions(int bound, int count, long seed) {
    int[] chosen = new int[count];
    SplitMix64 random = new SplitMix64(seed);
    int at = 0;
    for (int i = 0; i < bound && at < count; i++) {
      if (random.below(bound - i) < count - at) {
        chosen[at++] = i;
      }
    }
    return chosen;
  }
}
