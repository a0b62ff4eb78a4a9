package io.slab.ann;

import io.slab.format.DenseRows;
import io.slab.model.Metric;
import java.lang.foreign.MemorySegment;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * Searches an {@link IvfIndex}. Which rows are rescored depends on the index, the query and the
 * effort, not on the kernels; scores are canonical. One thread only, keep it for many queries.
 */
public final class IvfSearcher {
  /**
   * Under a filter the answers may lie far away and close together, where the codes tell rows apart
   * less well than the calibration saw: a bound that fails for about one row in a thousand.
   */
  private static final float FILTERED_MARGIN = 1.9f;

  /** Rounds after which the few rows that are still missing are fetched one by one. */
  private static final int MAX_ATTEMPTS = 6;

  /** Least number of lists that are fetched at once from a remote slab. */
  private static final int LISTS_AT_ONCE = 8;

  private final IvfIndex index;
  private final DenseRows rows;
  private final AnnKernels kernels;
  private final VectorSpace space;
  private final RowEncoder encoder;
  private final FastScan scan;
  private final Reranker reranker;
  private final QueryTable table;
  private final CellGeometry geometry;
  private final TopRows top;
  private final ProbeBudget budget;
  private final float[] rotated;
  private final Probe probe = new Probe();
  private final Candidates seeds = new Candidates();
  private final int[] pending = new int[Reranker.WIDTH];
  private final float[] scores = new float[Reranker.WIDTH];
  private MemorySegment list;
  private RowsAhead ahead;
  private int visited;
  private int announced;
  private int pendingCount;
  private int probed;
  private long scanned;
  private long rescored;

  public IvfSearcher(IvfIndex index, DenseRows rows, AnnKernels kernels) {
    this.index = index;
    this.rows = rows;
    this.kernels = kernels;
    this.space = index.space(kernels);
    this.encoder = index.encoder();
    this.scan = kernels.fastScan(index.groups());
    this.reranker = kernels.reranker(index.metric(), index.dimension());
    this.table = new QueryTable(index.groups());
    this.geometry = new CellGeometry(index);
    this.top = new TopRows(index.metric().largerIsNearer());
    this.budget = new ProbeBudget(index);
    this.rotated = new float[index.padded()];
  }

  /** What the last search touched. */
  public SearchCost cost() {
    return new SearchCost(probed, scanned, rescored);
  }

  /**
   * Finds the k nearest rows, approximately; k rows whenever that many are allowed.
   *
   * @param allowed rows that may be returned, null for all
   * @return valid until the next search
   */
  public TopRows search(float[] query, int k, Effort effort, AllowedRows allowed) {
    int possible = allowed == null ? index.rows() : allowed.count();
    budget.fixed(effort.probes());
    return search(query, Math.min(k, possible), effort.margin(), allowed);
  }

  /**
   * Finds the k nearest rows with the effort that a recall takes, filter or not.
   *
   * @param recall in (0, 1), on average over queries like those that the curve was measured with
   */
  public TopRows search(float[] query, int k, Curve curve, double recall, AllowedRows allowed) {
    int possible = allowed == null ? index.rows() : allowed.count();
    int wanted = Math.min(k, possible);
    budget.adaptive(curve, recall, wanted, allowed != null);
    float margin = curve.effortFor(recall, wanted).margin();
    return search(
        query, wanted, allowed == null ? margin : Math.max(margin, FILTERED_MARGIN), allowed);
  }

  /**
   * Fetches what {@link #search(float[], int, Curve, double, AllowedRows)} is going to read of a
   * remote slab: its lists in a round or two, and then its rows likewise.
   *
   * @param nearest told, before the rows are fetched, which rows seem to be the answer, so that
   *     more can be fetched of them in the same round
   */
  public void fetchAhead(
      float[] query,
      int k,
      Curve curve,
      double recall,
      AllowedRows allowed,
      BiConsumer<TopRows, int[]> nearest) {
    ahead = new RowsAhead(rows, index.metric());
    try {
      for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        ahead.clear();
        TopRows seen = search(query, k, curve, recall, allowed);
        int[] missing = ahead.missing();
        nearest.accept(seen, missing);
        if (missing.length == 0) {
          return;
        }
      }
    } finally {
      ahead = null;
    }
  }

  /** Finds the k nearest of some rows by scoring each of them. */
  public TopRows exact(float[] query, int k, ImmutableRoaringBitmap candidates) {
    top.start(Math.min(k, candidates.getCardinality()));
    probed = 0;
    scanned = 0;
    rescored = 0;
    if (!top.full()) {
      reranker.prepare(query);
      candidates.forEach((org.roaringbitmap.IntConsumer) this::offer);
      flush();
    }
    top.finish();
    return top;
  }

  /**
   * Searches with several efforts at once.
   *
   * @param probes ascending
   * @param reached told the position of each effort when its result is what {@link #found} and
   *     {@link #cost} say
   */
  void search(float[] query, int k, float margin, int[] probes, IntConsumer reached) {
    budget.staged(probes, reached);
    search(query, Math.min(k, index.rows()), margin, null);
  }

  /** The rows found so far, in no order. */
  TopRows found() {
    return top;
  }

  private TopRows search(float[] query, int k, float margin, AllowedRows allowed) {
    top.start(k);
    probed = 0;
    scanned = 0;
    rescored = 0;
    seeds.clear();
    if (top.full()) {
      return top;
    }
    prepare(query);
    visited = 0;
    announced = 0;
    boolean seeding = true;
    while (!geometry.isDone()) {
      int cell = geometry.next();
      if (!seeding && budget.isSpent()) {
        break;
      }
      if (visited++ == announced && index.lists().isRemote()) {
        announce(cell);
      }
      if ((!seeding && !geometry.reaches(cell, threshold()))
          || (allowed != null && !allowed.any(index, cell))) {
        budget.skip(cell);
        continue;
      }
      budget.visit();
      probed++;
      geometry.aim(cell, margin, probe);
      seeding = scanCell(cell, allowed, seeding);
    }
    if (seeding) {
      rescoreSeeds();
    }
    budget.end();
    top.finish();
    return top;
  }

  /** Fetches the lists of the cells that come next: as many as it will take, then twice as many. */
  private void announce(int cell) {
    int count = Math.max(LISTS_AT_ONCE, announced == 0 ? budget.limit() : announced);
    int[] cells = geometry.peek(Math.min(count, index.cells()) - 1);
    announced += 1 + cells.length;
    index.announce(cell, cells);
  }

  private void prepare(float[] query) {
    space.load(query, rotated);
    encoder.table(rotated, table);
    scan.prepare(table.entries);
    reranker.prepare(query);
    geometry.prepare(rotated, kernels);
    probe.step = table.step;
    probe.bias = table.bias;
  }

  /** The largest key of the index space that can still matter. */
  private float threshold() {
    float worst = top.worstKey();
    return index.metric() == Metric.COSINE ? 2 + 2 * worst : worst;
  }

  private boolean scanCell(int cell, AllowedRows allowed, boolean startSeeding) {
    boolean seeding = startSeeding;
    int count = index.directory().rows()[cell];
    int blocks = CodeBlocks.blocks(count);
    list = index.list(cell);
    for (int first = 0; first < blocks; first += FastScan.MAX_BLOCKS) {
      int run = Math.min(FastScan.MAX_BLOCKS, blocks - first);
      long codes = index.codesAt(cell) + first * 16L * index.groups();
      long factors = index.factorsAt(cell) + (long) first * FastScan.FACTOR_BYTES;
      int inRun = Math.min(run * FastScan.BLOCK, count - first * FastScan.BLOCK);
      scan.sums(list, codes, run);
      scanned += inRun;
      if (seeding) {
        seed(factors, first * FastScan.BLOCK, run, inRun, allowed);
        seeding = seeds.size < top.limit();
        if (!seeding) {
          rescoreSeeds();
        }
        rank(factors, run, inRun, seeding);
      } else {
        rank(factors, run, inRun, false);
        prune(factors, first * FastScan.BLOCK, run, inRun, allowed);
      }
    }
    return seeding;
  }

  /**
   * Counts the rows of a run, allowed or not, whose estimates lie below the threshold; all while
   * there is none.
   */
  private void rank(long factors, int run, int inRun, boolean all) {
    if (!budget.isRanking()) {
      return;
    }
    if (all) {
      budget.nearer(inRun);
      return;
    }
    float spread = probe.spread;
    probe.spread = 0;
    scan.bounds(list, factors, run, probe, threshold());
    probe.spread = spread;
    int nearer = 0;
    for (int block = 0; block < run; block++) {
      nearer += Integer.bitCount(mask(block, inRun));
    }
    budget.nearer(nearer);
  }

  /** The rows of a block that survived the last bounds, without the padding of the last block. */
  private int mask(int block, int inRun) {
    int left = inRun - block * FastScan.BLOCK;
    int mask = scan.survives(block);
    return left < FastScan.BLOCK ? mask & ((1 << left) - 1) : mask;
  }

  /** Until k rows are known nothing can be pruned: collects the rows with bounds and estimates. */
  private void seed(long factors, int position, int run, int inRun, AllowedRows allowed) {
    int from = seeds.size;
    scan.bounds(list, factors, run, probe, Float.POSITIVE_INFINITY);
    for (int i = 0; i < inRun; i++) {
      int row = index.row(list, position + i);
      if (allowed == null || allowed.test(row)) {
        seeds.add(row, scan.bound(i), i);
      }
    }
    float spread = probe.spread;
    probe.spread = 0;
    scan.bounds(list, factors, run, probe, Float.POSITIVE_INFINITY);
    probe.spread = spread;
    for (int i = from; i < seeds.size; i++) {
      seeds.estimates[i] = scan.bound((int) seeds.estimates[i]);
    }
  }

  /** The k best estimates give a first threshold, which prunes the other seeds. */
  private void rescoreSeeds() {
    int k = Math.min(top.limit(), seeds.size);
    seeds.selectByEstimate(k);
    for (int i = 0; i < seeds.size; i++) {
      if (i == k) {
        flush();
      }
      if (i < k || !(seeds.bounds[i] > threshold())) {
        if (ahead != null) {
          ahead.assume(pendingCount, seeds.estimates[i], seeds.bounds[i]);
        }
        offer(seeds.rows[i]);
      }
    }
    flush();
    seeds.clear();
  }

  private void prune(long factors, int position, int run, int inRun, AllowedRows allowed) {
    if (ahead != null) {
      estimate(factors, run, inRun);
    }
    scan.bounds(list, factors, run, probe, threshold());
    for (int block = 0; block < run; block++) {
      for (int mask = mask(block, inRun); mask != 0; mask &= mask - 1) {
        int i = block * FastScan.BLOCK + Integer.numberOfTrailingZeros(mask);
        int row = index.row(list, position + i);
        if ((allowed == null || allowed.test(row)) && !(scan.bound(i) > threshold())) {
          if (ahead != null) {
            ahead.assume(pendingCount, ahead.estimate(i), scan.bound(i));
          }
          offer(row);
        }
      }
    }
    flush();
  }

  private void estimate(long factors, int run, int inRun) {
    float spread = probe.spread;
    probe.spread = 0;
    scan.bounds(list, factors, run, probe, Float.POSITIVE_INFINITY);
    probe.spread = spread;
    ahead.estimate(scan, inRun);
  }

  private void offer(int row) {
    pending[pendingCount++] = row;
    if (pendingCount == Reranker.WIDTH) {
      flush();
    }
  }

  private void flush() {
    if (pendingCount == 0) {
      return;
    }
    if (ahead == null) {
      reranker.score(rows, pending, pendingCount, scores);
    } else {
      scoreAhead();
    }
    rescored += pendingCount;
    for (int i = 0; i < pendingCount; i++) {
      top.add(pending[i], scores[i]);
    }
    pendingCount = 0;
  }

  /** Scores the rows that are at hand, one by one. */
  private void scoreAhead() {
    int[] one = new int[1];
    float[] score = new float[1];
    for (int i = 0; i < pendingCount; i++) {
      if (ahead.isAtHand(pending[i])) {
        one[0] = pending[i];
        reranker.score(rows, one, 1, score);
        scores[i] = score[0];
      } else {
        scores[i] = ahead.score(i, pending[i]);
      }
    }
  }
}
