package io.slab.ann;

import io.slab.bytes.Segments;
import io.slab.model.Metric;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Packs codes and factors of the rows of one list, block by block ({@link ListLayout}).
 *
 * <p>In the 16 bytes of a group, byte 2j holds row j (low nibble) and row 16 + j (high nibble),
 * byte 2j + 1 holds rows 8 + j and 24 + j, j = 0 .. 7: sums of bytes then come out in row order.
 *
 * <p>One thread only.
 */
final class CodeBlocks {
  private final RowEncoder encoder;
  private final RowCode code;
  private final byte[] block;
  private final RowFactors rowFactors;
  private final float[] factors = new float[3 * FastScan.BLOCK];

  CodeBlocks(Metric metric, RowEncoder encoder, int groups, int padded) {
    this.rowFactors = new RowFactors(metric);
    this.encoder = encoder;
    this.code = new RowCode(groups, padded);
    this.block = new byte[16 * groups];
  }

  /**
   * Adds a row to the current block.
   *
   * @param square of the residual
   * @param along inner product of residual and centroid
   * @return the code; valid until the next row
   */
  RowCode add(int slot, float[] residual, double square, double along, float[] centroid) {
    rowFactors.zero();
    // A row that is its centroid, or as far away as floats go, has a code of zeros.
    if (square > 0 && square < Double.POSITIVE_INFINITY) {
      encoder.encode(residual, Math.sqrt(square), centroid, code);
      pack(slot);
      rowFactors.of(square, along, residual.length, code);
    }
    factors[slot] = rowFactors.add;
    factors[FastScan.BLOCK + slot] = rowFactors.rescale;
    factors[2 * FastScan.BLOCK + slot] = rowFactors.error;
    return code;
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
    MemorySegment.copy(MemorySegment.ofArray(block), 0, lists, codesAt, block.length);
    Segments.putFloats(factors, lists, factorsAt, factors.length);
    Arrays.fill(block, (byte) 0);
    Arrays.fill(factors, 0f);
  }
}
