package io.slab.ann;

import io.slab.bytes.LittleEndian;
import io.slab.model.Metric;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Packs the rows of one list (spec/ann.md, "Lists"). A list holds, each part 64-byte aligned:
 *
 * <pre>
 *   ranks of ids    u32 x 32 x blocks     ascending; padding 0xFFFFFFFF
 *   codes           16 x groups bytes per block
 *   factors         add f32 x 32, rescale f32 x 32, error f32 x 32 per block
 * </pre>
 *
 * In the 16 bytes of a group, byte 2j holds row j (low nibble) and row 16 + j (high nibble), byte
 * 2j + 1 holds rows 8 + j and 24 + j, j = 0 .. 7: sums of bytes then come out in row order.
 *
 * <p>One thread only.
 */
final class CodeBlocks {
  private final Metric metric;
  private final RowEncoder encoder;
  private final RowCode code;
  private final byte[] block;
  private final float[] factors = new float[3 * FastScan.BLOCK];

  CodeBlocks(Metric metric, RowEncoder encoder, int groups) {
    this.metric = metric;
    this.encoder = encoder;
    this.code = new RowCode(groups);
    this.block = new byte[16 * groups];
  }

  static int blocks(int rows) {
    return (rows + FastScan.BLOCK - 1) / FastScan.BLOCK;
  }

  static long rankBytes(int blocks) {
    return 4L * FastScan.BLOCK * blocks;
  }

  static long codeBytes(int blocks, int groups) {
    return 16L * groups * blocks;
  }

  /** Bytes of a whole list. */
  static long listBytes(int rows, int groups) {
    int blocks = blocks(rows);
    return rankBytes(blocks) + codeBytes(blocks, groups) + (long) FastScan.FACTOR_BYTES * blocks;
  }

  /** Adds a row to the current block. */
  void add(int slot, float[] residual, float[] centroid) {
    double square = 0;
    double along = 0;
    for (int d = 0; d < residual.length; d++) {
      square += (double) residual[d] * residual[d];
      along += (double) residual[d] * centroid[d];
    }
    if (!(square > 0) || square == Double.POSITIVE_INFINITY) {
      // The row is its centroid, or as far away as floats go: its code is zero, as its factors are.
      factor(slot, 0, 0, 0);
      return;
    }
    double norm = Math.sqrt(square);
    encoder.encode(residual, norm, centroid, code);
    pack(slot);
    double ratio = square / code.residualDot;
    // The bound of RaBitQ: the estimate's deviation is the residual's length times the tangent of
    // the angle between residual and code, spread over the remaining dimensions.
    double tangent =
        Math.sqrt(Math.max(0, square * code.square / (code.residualDot * code.residualDot) - 1));
    double error = norm * tangent / Math.sqrt(residual.length - 1);
    if (metric == Metric.DOTPRODUCT) {
      factor(slot, ratio * code.centroidDot - along, -ratio, error);
    } else {
      factor(slot, square + 2 * ratio * code.centroidDot, -2 * ratio, 2 * error);
    }
  }

  private void factor(int slot, double add, double rescale, double error) {
    factors[slot] = (float) add;
    factors[FastScan.BLOCK + slot] = (float) rescale;
    factors[2 * FastScan.BLOCK + slot] = (float) error;
  }

  private void pack(int slot) {
    int at = 2 * (slot & 7) + (slot >> 3 & 1);
    int shift = slot < 16 ? 0 : 4;
    for (int g = 0; g < code.nibbles.length; g++) {
      block[16 * g + at] |= (byte) (code.nibbles[g] << shift);
    }
  }

  /** Writes the block and starts the next. */
  void flush(MemorySegment lists, long codesAt, long factorsAt) {
    MemorySegment.copy(block, 0, lists, ValueLayout.JAVA_BYTE, codesAt, block.length);
    MemorySegment.copy(factors, 0, lists, LittleEndian.FLOAT, factorsAt, factors.length);
    Arrays.fill(block, (byte) 0);
    Arrays.fill(factors, 0f);
  }
}
