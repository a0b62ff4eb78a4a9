package io.slab.ann;

import io.slab.bytes.LittleEndian;
import io.slab.error.CorruptException;
import java.lang.foreign.MemorySegment;

/** Estimates the keys of single rows from their codes and fine codes. One thread only. */
final class FineEstimator {
  private final IvfIndex index;
  private final FineScan scan;

  /** Of the row that was looked at last: its key, about. */
  float estimate;

  /** A key that it is hardly below. */
  float bound;

  FineEstimator(IvfIndex index, AnnKernels kernels) {
    this.index = index;
    this.scan = kernels.fineScan(index.quantizer(), index.padded());
  }

  /**
   * Sets the query.
   *
   * @param rotated kept until the next one, as is its table
   */
  void start(float[] rotated, QueryTable table) {
    scan.prepare(rotated, table);
  }

  /**
   * Looks at a row.
   *
   * @param probe aimed at the cell of the list
   */
  void look(CodeList list, int position, Probe probe) {
    MemorySegment bytes = list.bytes();
    long at = list.fineAt(position);
    long block = list.codesAt() + 16L * index.groups() * (position / FastScan.BLOCK);
    float product =
        scan.coarse(bytes, block, position % FastScan.BLOCK)
            + index.grid() * scan.product(bytes, at + ListLayout.FINE_FACTORS);
    float add = bytes.get(LittleEndian.FLOAT, at);
    float rescale = bytes.get(LittleEndian.FLOAT, at + 4);
    float error = bytes.get(LittleEndian.FLOAT, at + 8);
    if (error < 0) {
      throw new CorruptException(
          index.lists().resource(), -1, "an error of " + error, "an error of zero or more");
    }
    estimate = rescale * product + (add * probe.tilt + probe.base);
    bound = estimate - error * probe.spread;
  }
}
