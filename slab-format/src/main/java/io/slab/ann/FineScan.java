package io.slab.ann;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

/**
 * Inner products of a query with the directions of codes and with those that fine codes add
 * (spec/ann.md, "Fine codes"), in single precision: sixteen sums, of which byte j of the digits
 * goes to two by j mod 8, the one for its even and the other for its odd planes; bytes past the
 * last eight go to a sum of their own. One thread only.
 */
abstract sealed class FineScan permits ScalarFineScan, VectorFineScan {
  /** Lanes of a sum. */
  static final int LANES = 8;

  final int bits;
  final int bytes;
  float[] query;
  private float[] products;
  private float most;

  FineScan(Quantizer quantizer, int padded) {
    bits = quantizer.digitBits();
    bytes = quantizer.digitBytes(padded);
  }

  /**
   * Sets the query.
   *
   * @param rotated kept until the next one, as is the table
   */
  final void prepare(float[] rotated, QueryTable table) {
    query = rotated;
    products = table.products;
    float sum = 0;
    for (float number : rotated) {
      sum += number;
    }
    most = ((1 << bits) - 1) * sum;
  }

  /**
   * The product of the query with {@code v}.
   *
   * @param digitsAt where the digits of the row begin
   */
  final float product(MemorySegment list, long digitsAt) {
    return 2 * digits(list, digitsAt) - most;
  }

  /**
   * The product of the query with the direction of a code itself: {@link FastScan} adds up products
   * that are rounded, by more than what fine codes leave open.
   *
   * @param blockAt where the codes of the row's block begin
   */
  final float coarse(MemorySegment list, long blockAt, int slot) {
    long at = NativeMemory.address(list, blockAt, products.length);
    at += 2 * (slot & 7) + (slot >> 3 & 1);
    float sum = sum(products, at, slot < 16 ? 0 : 4);
    Reference.reachabilityFence(list);
    return sum;
  }

  /** Four sums side by side: one alone would wait for each addition. */
  private static float sum(float[] products, long at, int shift) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    for (int g = 0; g < products.length; g += 64) {
      a += products[g + nibble(at + g, shift)];
      b += products[g + 16 + nibble(at + g + 16, shift)];
      c += products[g + 32 + nibble(at + g + 32, shift)];
      d += products[g + 48 + nibble(at + g + 48, shift)];
    }
    return (a + b) + (c + d);
  }

  private static int nibble(long at, int shift) {
    return NativeMemory.ALL.get(ValueLayout.JAVA_BYTE, at) >> shift & 15;
  }

  /** The product with the digits. */
  abstract float digits(MemorySegment list, long at);

  /** Adds up the sums. */
  static float fold(float[] even, float[] odd, float rest) {
    float sum = rest;
    for (int i = 0; i < LANES; i++) {
      sum += even[i] + odd[i];
    }
    return sum;
  }

  /** Bytes past the last eight, which are few. */
  final float rest(MemorySegment list, long at) {
    int mask = (1 << bits) - 1;
    float sum = 0;
    for (int j = bytes & -LANES; j < bytes; j++) {
      int digits = list.get(ValueLayout.JAVA_BYTE, at + j);
      for (int d = j; d < query.length; d += bytes) {
        sum = Math.fma(digits & mask, query[d], sum);
        digits >>>= bits;
      }
    }
    return sum;
  }
}
