package io.slab.ann;

/**
 * Scans lists of codes for one query and hands on the rows that may be near. Until k rows are known
 * nothing can be pruned: rows are collected as seeds, and the k best estimates among them are
 * scored first. One thread only.
 */
final class CellScan {
  private final IvfIndex index;
  private final RowEncoder encoder;
  private final FastScan scan;
  private final QueryTable table;
  private final Rescorer rescorer;
  private final Candidates seeds = new Candidates();
  private final int[] blocks = new int[FastScan.MAX_BLOCKS];

  /** Of the rows of a run, where the search runs ahead of them. */
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

  /** Sets the query's tables. */
  void start(float[] rotated, Probe probe) {
    encoder.table(rotated, table);
    scan.prepare(table.entries);
    probe.step = table.step;
    probe.bias = table.bias;
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
    if (seeding) {
      rescoreSeeds();
    }
  }

  private void run(CodeList list, int count, Probe probe, CellMask mask) {
    scan.sums(list.bytes(), list.codesAt(), blocks, count);
    for (int place = 0; place < count; place++) {
      scanned += list.rowsOf(blocks[place]);
    }
    if (seeding) {
      seed(list, count, probe, mask);
      if (seeds.size >= rescorer.top().limit()) {
        rescoreSeeds();
        seeding = false;
      }
      return;
    }
    if (rescorer.isAhead()) {
      estimate(list, count, probe);
      for (int i = 0; i < count * FastScan.BLOCK; i++) {
        estimates[i] = scan.bound(i);
      }
    }
    float threshold = rescorer.threshold();
    scan.bounds(list.bytes(), list.factorsAt(), blocks, count, probe, threshold);
    for (int place = 0; place < count; place++) {
      int block = blocks[place];
      int left = scan.survives(place) & (mask == null ? list.mask(block) : mask.block(block));
      for (; left != 0; left &= left - 1) {
        int lane = Integer.numberOfTrailingZeros(left);
        int at = place * FastScan.BLOCK + lane;
        if (!(scan.bound(at) > rescorer.threshold())) {
          rescorer.offer(list.row(block * FastScan.BLOCK + lane), estimates[at], scan.bound(at));
        }
      }
    }
  }

  private void seed(CodeList list, int count, Probe probe, CellMask mask) {
    int from = seeds.size;
    scan.bounds(list.bytes(), list.factorsAt(), blocks, count, probe, Float.POSITIVE_INFINITY);
    for (int place = 0; place < count; place++) {
      int block = blocks[place];
      int left = mask == null ? list.mask(block) : mask.block(block);
      for (; left != 0; left &= left - 1) {
        int lane = Integer.numberOfTrailingZeros(left);
        int at = place * FastScan.BLOCK + lane;
        seeds.add(list.row(block * FastScan.BLOCK + lane), scan.bound(at), at);
      }
    }
    estimate(list, count, probe);
    for (int i = from; i < seeds.size; i++) {
      seeds.estimates[i] = scan.bound((int) seeds.estimates[i]);
    }
  }

  /** Bounds without a margin, which are the estimates; the next bounds replace them. */
  private void estimate(CodeList list, int count, Probe probe) {
    float spread = probe.spread;
    probe.spread = 0;
    scan.bounds(list.bytes(), list.factorsAt(), blocks, count, probe, Float.POSITIVE_INFINITY);
    probe.spread = spread;
  }

  /** The k best estimates give a first threshold, which prunes the other seeds. */
  private void rescoreSeeds() {
    int k = Math.min(rescorer.top().limit(), seeds.size);
    seeds.selectByEstimate(k);
    for (int i = 0; i < seeds.size; i++) {
      if (i == k) {
        rescorer.flush();
      }
      if (i < k || !(seeds.bounds[i] > rescorer.threshold())) {
        rescorer.offer(seeds.rows[i], seeds.estimates[i], seeds.bounds[i]);
      }
    }
    rescorer.flush();
    seeds.clear();
  }
}
