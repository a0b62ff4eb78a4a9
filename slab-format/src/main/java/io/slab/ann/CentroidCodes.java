package io.slab.ann;

import io.slab.bytes.Segments;
import io.slab.model.Metric;
import java.lang.foreign.MemorySegment;

/**
 * Sign codes of the centroids themselves. Where all centroids together are larger than the second
 * level of cache, to compare a query with each takes longer than all that follows; their codes are
 * a fortieth of that, and leave a few dozen to compare. Memory: as much as the centroids, once for
 * each opened slab. Immutable and thread-safe.
 */
final class CentroidCodes {
  /** Numbers in all centroids from which codes pay: a megabyte. */
  private static final long LEAST = 1 << 18;

  /** Below, codes tell centroids apart so badly that comparing them all is quicker. */
  private static final int LEAST_PADDED = 384;

  /** What excludes a cell for good: an error bound that the codes of rows are given for FULL. */
  private static final float MARGIN = Effort.FULL.margin();

  private final int cells;
  private final int padded;
  private final int blocks;

  /** Codes of all blocks, then their factors. */
  private final MemorySegment codes;

  /** Centroids one after the other. */
  private final MemorySegment rows;

  private CentroidCodes(int cells, int padded) {
    this.cells = cells;
    this.padded = padded;
    this.blocks = ListLayout.blocks(cells);
    long bytes = factorsAt() + (long) FastScan.FACTOR_BYTES * blocks;
    this.codes = NativeMemory.allocate(bytes);
    this.rows = NativeMemory.allocate(4L * padded * cells);
  }

  /**
   * True where codes pay. For the inner product the key of a cell depends on more than the product
   * with its centroid, and PQ codes have no table that would do for centroids too.
   */
  static boolean pays(IvfIndex index) {
    return index.metric() != Metric.DOTPRODUCT
        && index.quantizer() == Quantizer.SIGN
        && index.padded() >= LEAST_PADDED
        && (long) index.cells() * index.padded() >= LEAST;
  }

  static CentroidCodes of(IvfIndex index) {
    CentroidCodes made = new CentroidCodes(index.cells(), index.padded());
    made.encode(new Cells(index.cells(), index.padded(), index.centroids(), new float[0]));
    return made;
  }

  private void encode(Cells from) {
    float[] centroid = new float[padded];
    float[] origin = new float[padded];
    CodeBlocks packer = new CodeBlocks(Metric.EUCLIDEAN, SignEncoder.INSTANCE, groups(), padded);
    for (int cell = 0; cell < cells; cell++) {
      from.get(cell, centroid);
      Segments.putFloats(centroid, rows, 4L * padded * cell, padded);
      double square = 0;
      for (float number : centroid) {
        square += (double) number * number;
      }
      packer.add(cell % FastScan.BLOCK, centroid, square, 0, origin);
      if (cell % FastScan.BLOCK == FastScan.BLOCK - 1 || cell == cells - 1) {
        long block = cell / FastScan.BLOCK;
        packer.flush(codes, 16L * groups() * block, factorsAt() + FastScan.FACTOR_BYTES * block);
      }
    }
  }

  private int groups() {
    return Quantizer.SIGN.groups(padded);
  }

  private long factorsAt() {
    return 16L * groups() * blocks;
  }

  /** Room that {@link #bounds} needs. */
  int capacity() {
    return blocks * FastScan.BLOCK;
  }

  /** Centroids one after the other, f32. */
  MemorySegment rows() {
    return rows;
  }

  /**
   * Lower bounds of the squared distances from a query.
   *
   * @param scan prepared with the tables of the query
   * @param probe with their step and bias; the rest is overwritten
   * @param square of the query
   * @param out {@link #capacity} numbers
   */
  void bounds(FastScan scan, Probe probe, float square, float[] out) {
    probe.base = square;
    probe.tilt = 1;
    probe.spread = MARGIN * (float) Math.sqrt(square);
    int[] numbers = new int[FastScan.MAX_BLOCKS];
    float[] part = new float[FastScan.MAX_BLOCKS * FastScan.BLOCK];
    for (int first = 0; first < blocks; first += FastScan.MAX_BLOCKS) {
      int count = Math.min(FastScan.MAX_BLOCKS, blocks - first);
      for (int i = 0; i < count; i++) {
        numbers[i] = first + i;
      }
      scan.sums(codes, 0, numbers, count);
      scan.bounds(codes, factorsAt(), numbers, count, probe, Float.POSITIVE_INFINITY);
      scan.copyBounds(part, count * FastScan.BLOCK);
      System.arraycopy(part, 0, out, first * FastScan.BLOCK, count * FastScan.BLOCK);
    }
  }
}
