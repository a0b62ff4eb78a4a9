package io.slab.ann;

import io.slab.format.section.DenseRows;

/**
 * Scans lists of codes for one query: the codes of all rows exclude most, the fine codes of the
 * others put them on a {@link Shortlist}. Until k rows are known nothing can be excluded; of the
 * run of blocks that completes them the k best estimates come first, so that the others meet their
 * threshold. One thread only.
 */
final class CellScan {
  private final IvfIndex index;
  private final RowEncoder encoder;
  private final FastScan scan;
  private final FineEstimator fine;
  private final QueryTable table;
  private final Shortlist shortlist;
  private final int[] blocks = new int[FastScan.MAX_BLOCKS];
  private final Smallest nearest = new Smallest();

  /** Rows of each block of a run that may answer. */
  private final int[] masks = new int[FastScan.MAX_BLOCKS];

  private final Repeats repeats;
  private long scanned;
  private long refined;

  CellScan(IvfIndex index, DenseRows rows, Scanners scanners, Shortlist shortlist) {
    this.index = index;
    this.encoder = index.encoder();
    this.scan = scanners.of(index.groups());
    this.fine = new FineEstimator(index, scanners.kernels());
    this.table = new QueryTable(index.groups());
    this.shortlist = shortlist;
    this.repeats = new Repeats(index.lists().isRemote() ? null : rows, index.layout().fineBytes());
  }

  /** Sets the query's tables, also of the scanner returned. */
  FastScan start(float[] rotated, Probe probe) {
    encoder.table(rotated, table);
    scan.prepare(table.entries);
    fine.start(rotated, table);
    probe.step = table.step;
    probe.bias = table.bias;
    return scan;
  }

  /** Forgets what the last search looked at. */
  void clear() {
    scanned = 0;
    refined = 0;
  }

  /** Codes that were looked at. */
  long scanned() {
    return scanned;
  }

  /** Fine codes that were looked at. */
  long refined() {
    return refined;
  }

  /**
   * Scans one list.
   *
   * @param probe aimed at the cell
   * @param mask rows of the list that may answer, null for all; blocks without one are left out
   */
  void scan(int cell, Probe probe, CellMask mask) {
    CodeList list = CodeList.of(index, cell);
    repeats.start();
    int size = list.blocks();
    for (int next = 0; next < size; ) {
      int count = 0;
      for (; next < size && count < blocks.length; next++) {
        if (mask == null || mask.block(next) != 0) {
          blocks[count++] = next;
        }
      }
      if (count > 0) {
        run(list, count, probe, mask);
      }
    }
  }

  private void run(CodeList list, int count, Probe probe, CellMask mask) {
    scan.sums(list.bytes(), list.codesAt(), blocks, count);
    int rows = 0;
    for (int place = 0; place < count; place++) {
      int block = blocks[place];
      masks[place] = mask == null ? list.mask(block) : mask.block(block);
      rows += Integer.bitCount(masks[place]);
      scanned += list.rowsOf(block);
    }
    if (!shortlist.full()) {
      if (rows <= shortlist.limit()) {
        refineAll(list, count, probe);
        return;
      }
      refineNearest(list, count, probe);
    }
    bounds(list, count, probe, shortlist.threshold());
    for (int place = 0; place < count; place++) {
      for (int left = scan.survives(place) & masks[place]; left != 0; left &= left - 1) {
        int at = place * FastScan.BLOCK + Integer.numberOfTrailingZeros(left);
        if (!(scan.bound(at) > shortlist.threshold())) {
          refine(list, at, probe);
        }
      }
    }
  }

  private void bounds(CodeList list, int count, Probe probe, float threshold) {
    scan.bounds(list.bytes(), list.factorsAt(), blocks, count, probe, threshold);
  }

  /** Looks at the fine codes of all rows of a run. */
  private void refineAll(CodeList list, int count, Probe probe) {
    for (int place = 0; place < count; place++) {
      for (int left = masks[place]; left != 0; left &= left - 1) {
        refine(list, place * FastScan.BLOCK + Integer.numberOfTrailingZeros(left), probe);
      }
    }
  }

  /** Looks at the fine codes of the k best estimates of a run; takes them out of the masks. */
  private void refineNearest(CodeList list, int count, Probe probe) {
    float spread = probe.spread;
    // Bounds without a margin are the estimates.
    probe.spread = 0;
    bounds(list, count, probe, Float.POSITIVE_INFINITY);
    probe.spread = spread;
    nearest.start(shortlist.limit());
    for (int place = 0; place < count; place++) {
      for (int left = masks[place]; left != 0; left &= left - 1) {
        nearest.add(scan.bound(place * FastScan.BLOCK + Integer.numberOfTrailingZeros(left)));
      }
    }
    for (int place = 0; place < count; place++) {
      for (int left = masks[place]; left != 0; left &= left - 1) {
        int lane = Integer.numberOfTrailingZeros(left);
        if (nearest.take(scan.bound(place * FastScan.BLOCK + lane))) {
          refine(list, place * FastScan.BLOCK + lane, probe);
          masks[place] &= ~(1 << lane);
        }
      }
    }
  }

  /**
   * Looks at the fine code of a row, unless as many rows as are wanted are like it.
   *
   * @param at its place in the run
   */
  private void refine(CodeList list, int at, Probe probe) {
    int position = blocks[at / FastScan.BLOCK] * FastScan.BLOCK + at % FastScan.BLOCK;
    if (repeats.isBeyond(list, position, scan.sum(at), shortlist.limit())) {
      return;
    }
    fine.look(list, position, probe);
    shortlist.add(list.row(position), fine.estimate, fine.bound);
    refined++;
  }
}
