package io.slab.ann;

import io.slab.bytes.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** {@link FastScan} in plain loops over heap arrays. */
final class ScalarFastScan implements FastScan {
  private final int groups;
  private final byte[] codes;
  private final float[] factors = new float[3 * BLOCK];
  private final int[] sums = new int[BLOCK * MAX_BLOCKS];
  private final float[] bounds = new float[BLOCK * MAX_BLOCKS];
  private final int[] masks = new int[MAX_BLOCKS];
  // One table per byte value and pair of code halves would be larger than L1: the low and the high
  // nibble of a byte are looked up apart.
  private final int[] table;

  ScalarFastScan(int groups) {
    this.groups = groups;
    this.codes = new byte[16 * groups];
    this.table = new int[16 * groups];
  }

  @Override
  public void prepare(byte[] entries) {
    for (int i = 0; i < table.length; i++) {
      table[i] = entries[i];
    }
  }

  @Override
  public void sums(MemorySegment lists, long codesAt, int[] blocks, int count) {
    long stride = 16L * groups;
    for (int place = 0; place < count; place++) {
      MemorySegment.copy(
          lists, ValueLayout.JAVA_BYTE, codesAt + blocks[place] * stride, codes, 0, codes.length);
      block(codes, table, sums, place * BLOCK);
    }
  }

  /** Pairs of rows j and 16 + j share a byte, so one register adds both: 16 bits each. */
  private static void block(byte[] codes, int[] table, int[] sums, int at) {
    for (int j = 0; j < 16; j++) {
      int low = 0;
      int high = 0;
      for (int i = j; i < codes.length; i += 16) {
        int base = i & ~15;
        int code = codes[i];
        low += table[base + (code & 15)];
        high += table[base + (code >> 4 & 15)];
      }
      int row = at + (j >> 1) + 8 * (j & 1);
      sums[row] = low;
      sums[row + 16] = high;
    }
  }

  @Override
  public void bounds(
      MemorySegment lists, long factorsAt, int[] blocks, int count, Probe probe, float threshold) {
    for (int place = 0; place < count; place++) {
      MemorySegment.copy(
          lists,
          LittleEndian.FLOAT,
          factorsAt + (long) blocks[place] * FACTOR_BYTES,
          factors,
          0,
          factors.length);
      masks[place] = bounds(place * BLOCK, probe, threshold);
    }
  }

  private int bounds(int at, Probe p, float threshold) {
    int mask = 0;
    for (int i = 0; i < BLOCK; i++) {
      float estimate =
          factors[BLOCK + i] * (sums[at + i] * p.step + p.bias) + (factors[i] * p.tilt + p.base);
      float bound = estimate - factors[2 * BLOCK + i] * p.spread;
      bounds[at + i] = bound;
      mask |= (bound > threshold ? 0 : 1) << i;
    }
    return mask;
  }

  @Override
  public int sum(int row) {
    return sums[row];
  }

  @Override
  public float bound(int row) {
    return bounds[row];
  }

  @Override
  public void copyBounds(float[] out, int rows) {
    System.arraycopy(bounds, 0, out, 0, rows);
  }

  @Override
  public int survives(int place) {
    return masks[place];
  }
}
