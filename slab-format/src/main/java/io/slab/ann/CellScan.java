package io.slab.ann;

/**
 * Scans lists of codes for one query and hands on the rows that may be near. Until k rows are known
 * nothing can be pruned: rows are collected as seeds. With the run of blocks that completes them
 * the k best estimates are scored, and the others are pruned by the threshold that these give. One
 * thread only.
 */
final class CellScan {
  /** In place of a seed's row: it was scored. */
  private static final int TAKEN = -1;

  private final IvfIndex index;
  private final RowEncoder encoder;
  private final FastScan scan;
  private final QueryTable table;
  private final Rescorer rescorer;
  private final Candidates seeds = new Candidates();
  private final int[] blocks = new int[FastScan.MAX_BLOCKS];

  private final Smallest nearest = new Smallest();

  /** Rows of each block of a run that may answer. */
  private final int[] masks = new int[FastScan.MAX_BLOCKS];

  /** Of the rows of a run, while seeding and where the search runs ahead of its rows. */
  private final float[] estimates = new float[FastScan.MAX_BLOCKS * FastScan.BLOCK];

  private boolean seeding;
  private long scanned;

  CellScan(IvfIndex index, AnnKernels kernels, Rescorer rescorer) {
    this.index = index;
    this.encoder = index.encoder();
    this.scan = kernels.fastScan(index.groups());
    this.table = new QueryTable(index.groups());
    this.rescorer = rescorer;
  }

  /** Sets the query's tables, also of the scanner returned. */
  FastScan start(float[] rotated, Probe probe) {
    encoder.table(rotated, table);
    scan.prepare(table.entries);
    probe.step = table.step;
    probe.bias = table.bias;
    return scan;
  }

  /** Forgets what the last search looked at. */
  void clear() {
    scanned = 0;
    seeds.clear();
    seeding = true;
  }

  /** True until k rows are known. */
  boolean isSeeding() {
    return seeding;
  }

  /** Codes that were looked at. */
  long scanned() {
    return scanned;
  }

  /**
   * Scans one list.
   *
   * @param probe aimed at the cell
   * @param mask rows of the list that may answer, null for all; blocks without one are left out
   */
  void scan(int cell, Probe probe, CellMask mask) {
    CodeList list = CodeList.of(index, cell);
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
    rescorer.flush();
  }

  /** Scores what was collected where all lists together hold fewer than k rows. */
  void finish() {
    for (int i = 0; i < seeds.size; i++) {
      rescorer.offer(seeds.rows[i], seeds.estimates[i], seeds.bounds[i]);
    }
    rescorer.flush();
    seeds.clear();
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
    if (seeding || rescorer.isAhead()) {
      estimate(list, count, probe);
    }
    if (seeding) {
      if (seeds.size + rows < rescorer.top().limit()) {
        seed(list, count, probe);
        return;
      }
      rescoreNearest(list, count, probe);
      seeding = false;
    }
    scan.bounds(list.bytes(), list.factorsAt(), blocks, count, probe, rescorer.threshold());
    for (int place = 0; place < count; place++) {
      for (int left = scan.survives(place) & masks[place]; left != 0; left &= left - 1) {
        int at = place * FastScan.BLOCK + Integer.numberOfTrailingZeros(left);
        if (!(scan.bound(at) > rescorer.threshold())) {
          offer(list, at);
        }
      }
    }
  }

  private void offer(CodeList list, int at) {
    int position = blocks[at / FastScan.BLOCK] * FastScan.BLOCK + at % FastScan.BLOCK;
    rescorer.offer(list.row(position), estimates[at], scan.bound(at));
  }

  /** Bounds without a margin, which are the estimates; the next bounds replace them. */
  private void estimate(CodeList list, int count, Probe probe) {
    float spread = probe.spread;
    probe.spread = 0;
    bound(list, count, probe);
    probe.spread = spread;
    scan.copyBounds(estimates, count * FastScan.BLOCK);
  }

  private void bound(CodeList list, int count, Probe probe) {
    scan.bounds(list.bytes(), list.factorsAt(), blocks, count, probe, Float.POSITIVE_INFINITY);
  }

  private void seed(CodeList list, int count, Probe probe) {
    bound(list, count, probe);
    for (int place = 0; place < count; place++) {
      for (int left = masks[place]; left != 0; left &= left - 1) {
        int at = place * FastScan.BLOCK + Integer.numberOfTrailingZeros(left);
        int position = blocks[place] * FastScan.BLOCK + at % FastScan.BLOCK;
        seeds.add(list.row(position), scan.bound(at), estimates[at]);
      }
    }
  }

  /**
   * Scores the k best estimates among the seeds and the rows of this run, and then what the first
   * threshold, which they give, leaves of the other seeds. Takes the rows scored out of the masks.
   */
  private void rescoreNearest(CodeList list, int count, Probe probe) {
    bound(list, count, probe);
    nearest.start(rescorer.top().limit());
    for (int i = 0; i < seeds.size; i++) {
      nearest.add(seeds.estimates[i]);
    }
    for (int place = 0; place < count; place++) {
      for (int left = masks[place]; left != 0; left &= left - 1) {
        nearest.add(estimates[place * FastScan.BLOCK + Integer.numberOfTrailingZeros(left)]);
      }
    }
    for (int i = 0; i < seeds.size; i++) {
      if (nearest.take(seeds.estimates[i])) {
        rescorer.offer(seeds.rows[i], seeds.estimates[i], seeds.bounds[i]);
        seeds.rows[i] = TAKEN;
      }
    }
    for (int place = 0; place < count; place++) {
      for (int left = masks[place]; left != 0; left &= left - 1) {
        int lane = Integer.numberOfTrailingZeros(left);
        if (nearest.take(estimates[place * FastScan.BLOCK + lane])) {
          offer(list, place * FastScan.BLOCK + lane);
          masks[place] &= ~(1 << lane);
        }
      }
    }
    rescorer.flush();
    for (int i = 0; i < seeds.size; i++) {
      if (seeds.rows[i] != TAKEN && !(seeds.bounds[i] > rescorer.threshold())) {
        rescorer.offer(seeds.rows[i], seeds.estimates[i], seeds.bounds[i]);
      }
    }
    seeds.clear();
  }
}
