package io.slab.ann;

import io.slab.bytes.Segments;
import java.lang.foreign.MemorySegment;

/** {@link FastScan} in plain loops over heap arrays. */
final class ScalarFastScan implements FastScan {
  /** Pairs of entries that one byte of codes may name. */
  private static final int PAIRS = 256;

  private final int groups;

  /** The codes of one block, four bytes to a number. */
  private final int[] codes;

  private final float[] factors = new float[3 * BLOCK];
  private final int[] sums = new int[BLOCK * MAX_BLOCKS];
  private final float[] bounds = new float[BLOCK * MAX_BLOCKS];
  private final int[] masks = new int[MAX_BLOCKS];

  /**
   * For each group and each byte of codes both entries side by side, that of the low half in the
   * low eight bits: one look-up serves two rows. 16 KiB at 128 dimensions, which the first-level
   * cache holds; numbers of 32 bits would not fit there.
   */
  private final char[] table;

  /**
   * @param groups a multiple of four
   */
  ScalarFastScan(int groups) {
    this.groups = groups;
    this.codes = new int[4 * groups];
    this.table = new char[PAIRS * groups];
  }

  @Override
  public void prepare(byte[] entries) {
    for (int group = 0; group < 16 * groups; group += 16) {
      for (int high = group; high < group + 16; high++) {
        int upper = entries[high] << 8;
        for (int low = 0; low < 16; low++) {
          table[16 * high + low] = (char) (upper | entries[group + low]);
        }
      }
    }
  }

  @Override
  public void sums(MemorySegment lists, long codesAt, int[] blocks, int count) {
    long stride = 16L * groups;
    for (int place = 0; place < count; place++) {
      Segments.copyInts(lists, codesAt + blocks[place] * stride, codes, codes.length);
      for (int column = 0; column < 4; column++) {
        block(codes, column, table, sums, place * BLOCK);
      }
    }
  }

  /**
   * Bytes 4 * column to 4 * column + 3 of each group. Entries of four groups are added in eight
   * bits ({@link QueryTable#maxEntry}), then widened to sixteen.
   */
  private static void block(int[] codes, int column, char[] table, int[] sums, int at) {
    int a = 0;
    int b = 0;
    int c = 0;
    int d = 0;
    for (int i = column, t = 0; i < codes.length; i += 16, t += 4 * PAIRS) {
      int c0 = codes[i];
      int c1 = codes[i + 4];
      int c2 = codes[i + 8];
      int c3 = codes[i + 12];
      int s = pair(table, t, c0) + pair(table, t + 256, c1);
      a += spread(s + pair(table, t + 512, c2) + pair(table, t + 768, c3));
      s = pair(table, t, c0 >> 8) + pair(table, t + 256, c1 >> 8);
      b += spread(s + pair(table, t + 512, c2 >> 8) + pair(table, t + 768, c3 >> 8));
      s = pair(table, t, c0 >> 16) + pair(table, t + 256, c1 >> 16);
      c += spread(s + pair(table, t + 512, c2 >> 16) + pair(table, t + 768, c3 >> 16));
      s = pair(table, t, c0 >>> 24) + pair(table, t + 256, c1 >>> 24);
      d += spread(s + pair(table, t + 512, c2 >>> 24) + pair(table, t + 768, c3 >>> 24));
    }
    put(sums, at, 4 * column, a);
    put(sums, at, 4 * column + 1, b);
    put(sums, at, 4 * column + 2, c);
    put(sums, at, 4 * column + 3, d);
  }

  private static int pair(char[] table, int group, int code) {
    return table[group + (code & 255)];
  }

  private static int spread(int four) {
    return (four & 0xFF) + ((four & 0xFF00) << 8);
  }

  /** Byte j of a group has the codes of two rows. */
  private static void put(int[] sums, int at, int j, int pair) {
    int row = at + (j >> 1) + 8 * (j & 1);
    sums[row] = pair & 0xFFFF;
    sums[row + 16] = pair >>> 16;
  }

  @Override
  public void bounds(
      MemorySegment lists, long factorsAt, int[] blocks, int count, Probe probe, float threshold) {
    for (int place = 0; place < count; place++) {
      long at = factorsAt + (long) blocks[place] * FACTOR_BYTES;
      Segments.copyFloats(lists, at, factors, 0, factors.length);
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
