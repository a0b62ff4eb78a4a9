package io.slab.ann;

import io.slab.format.section.DenseRows;
import java.util.function.IntConsumer;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * Searches an {@link IvfIndex}. Which rows are rescored depends on the index, the query and the
 * effort, not on the kernels; scores are canonical. One thread only, keep it for many queries.
 */
public final class IvfSearcher {
  /**
   * The part of the answer that may be missed which the codes' errors may take under a filter. Seen
   * from afar the keys of all rows lie closer together than the codes tell apart, so that nothing
   * but the error bound decides: it must hold for all but that part of the rows. What is left is
   * for the cells that are not visited.
   */
  private static final double BOUNDS_MAY_MISS = 0.6;

  /** Rows that a cell must promise for each part of the answer that may be missed. */
  private static final double PROMISE = 0.7;

  /** Of fewer results than were measured, less may be missed. */
  private static final double MEASURED = Calibration.RESULTS[0];

  /** Least number of lists that are fetched at once from a remote slab. */
  private static final int LISTS_AT_ONCE = 8;

  private final IvfIndex index;
  private final VectorSpace space;
  private final CellGeometry geometry;
  private final CellOdds odds;
  private final Shortlist shortlist = new Shortlist();
  private final Rescorer rescorer;
  private final CellScan scan;
  private final ProbeBudget budget;
  private final float[] rotated;
  private final Probe probe = new Probe();
  private int passed;
  private int announced;
  private int probed;
  private long visited;

  public IvfSearcher(IvfIndex index, DenseRows rows, AnnKernels kernels) {
    this(index, rows, new Scanners(kernels));
  }

  /**
   * @param scanners shared by the searchers of one thread
   */
  public IvfSearcher(IvfIndex index, DenseRows rows, Scanners scanners) {
    AnnKernels kernels = scanners.kernels();
    this.index = index;
    this.space = index.space(kernels);
    this.geometry = new CellGeometry(index, kernels);
    this.odds = new CellOdds(geometry);
    this.budget = new ProbeBudget(index, odds);
    this.rescorer = new Rescorer(index, rows, kernels);
    this.scan = new CellScan(index, rows, scanners, shortlist);
    this.rotated = new float[index.padded()];
  }

  /** What the last search touched. */
  public SearchCost cost() {
    return new SearchCost(probed, scan.scanned(), scan.refined(), rescorer.rescored());
  }

  /**
   * Finds the k nearest rows, approximately; k rows whenever that many are allowed.
   *
   * @param allowed rows that may be returned, null for all
   * @return valid until the next search
   */
  public TopRows search(float[] query, int k, Effort effort, AllowedRows allowed) {
    budget.fixed(effort.probes());
    return search(query, Math.min(k, possible(allowed)), effort.margin(), allowed);
  }

  /**
   * Finds the k nearest rows with the effort that a recall takes, filter or not.
   *
   * @param recall in (0, 1), on average over queries like those that the curve was measured with
   */
  public TopRows search(float[] query, int k, Curve curve, double recall, AllowedRows allowed) {
    int wanted = Math.min(k, possible(allowed));
    float margin = aim(curve, recall, wanted, allowed);
    return search(query, wanted, margin, allowed);
  }

  /**
   * Looks at the codes of the rows that may be among the k nearest of several slabs, and scores
   * none. Of a remote slab the lists are fetched in a round or two.
   *
   * @param recall as in {@link #search(float[], int, Curve, double, AllowedRows)}
   * @param known keys of rows of other slabs
   */
  public Survivors scan(
      float[] query, Curve curve, double recall, AllowedRows allowed, NearestKeys known) {
    int possible = possible(allowed);
    int k = known.keys().limit();
    float margin = aim(curve, recall, Math.min(k, possible), allowed);
    begin(k);
    shortlist.startWith(known, k);
    if (possible > 0) {
      scan(query, margin, allowed, possible);
    }
    return shortlist.survivors();
  }

  /** Sets the effort; returns the margin. */
  private float aim(Curve curve, double recall, int wanted, AllowedRows allowed) {
    if (allowed == null) {
      budget.adaptive(curve, recall, wanted);
    } else {
      budget.adaptive(curve, recall, wanted, (double) allowed.count() / index.rows());
    }
    odds.start(PROMISE * (1 - recall) * Math.min(1, wanted / MEASURED));
    float margin = curve.effortFor(recall, wanted).margin();
    return allowed == null
        ? margin
        : Math.max(margin, Normal.above(BOUNDS_MAY_MISS * (1 - recall)));
  }

  private int possible(AllowedRows allowed) {
    return allowed == null ? index.rows() : allowed.count();
  }

  /**
   * Scores rows canonically.
   *
   * @param scores out: the score of each
   */
  public void scores(float[] query, int[] ordinals, int count, float[] scores) {
    rescorer.scores(query, ordinals, count, scores);
  }

  /** Finds the k nearest of some rows by scoring each of them. */
  public TopRows exact(float[] query, int k, ImmutableRoaringBitmap candidates) {
    begin(Math.min(k, candidates.getCardinality()));
    TopRows top = rescorer.top();
    if (!top.full()) {
      rescorer.prepare(query);
      candidates.forEach((org.roaringbitmap.IntConsumer) rescorer::offer);
      rescorer.flush();
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
    budget.staged(
        probes,
        stage -> {
          score();
          reached.accept(stage);
        });
    search(query, Math.min(k, index.rows()), margin, null);
  }

  /** The rows found when an effort was reached, in no order. */
  TopRows found() {
    return rescorer.top();
  }

  /** Finds what a search that ended here would answer. */
  private void score() {
    rescorer.start(shortlist.limit());
    rescorer.score(shortlist);
  }

  private void begin(int k) {
    rescorer.start(k);
    shortlist.start(k);
    scan.clear();
    probed = 0;
    passed = 0;
    announced = 0;
  }

  private TopRows search(float[] query, int k, float margin, AllowedRows allowed) {
    begin(k);
    TopRows top = rescorer.top();
    if (top.full()) {
      return top;
    }
    rescorer.prepare(query);
    scan(query, margin, allowed, possible(allowed));
    score();
    top.finish();
    return top;
  }

  /** Visits cells until the budget is spent, or no allowed row is left. */
  private void scan(float[] query, float margin, AllowedRows allowed, int possible) {
    space.load(query, rotated);
    geometry.prepare(rotated, scan.start(rotated, probe), probe);
    boolean sifted = false;
    visited = 0;
    while (!geometry.isDone() && visited < possible) {
      if (shortlist.full() && budget.isSpent(shortlist.threshold())) {
        break;
      }
      if (budget.isOpen() && !sifted) {
        sift(allowed);
        sifted = true;
      } else {
        int cell = geometry.next();
        if (passed++ == announced && index.lists().isRemote()) {
          announce(cell);
        }
        visit(cell, margin, allowed);
      }
    }
    budget.end();
  }

  /** Cells that are not worth a visit, which are most, leave the order all at once. */
  private void sift(AllowedRows allowed) {
    odds.remember(shortlist.threshold());
    int[] size = index.directory().rows();
    geometry.retain(cell -> odds.wasPromising(cell, size[cell]));
    if (allowed != null) {
      geometry.retain(cell -> odds.wasPromising(cell, allowed.count(index, cell)));
    }
    announced = passed;
  }

  /** Fetches the lists of the cells that come next: as many as it will take, then twice as many. */
  private void announce(int cell) {
    int count = Math.max(LISTS_AT_ONCE, announced == 0 ? budget.limit() : announced);
    int[] cells = geometry.peek(Math.min(count, index.cells()) - 1);
    announced += 1 + cells.length;
    index.announce(cell, cells);
  }

  private int count(int cell, AllowedRows allowed) {
    return allowed == null ? index.directory().rows()[cell] : allowed.count(index, cell);
  }

  /** Scans a cell, unless it is known to hold nothing. */
  private void visit(int cell, float margin, AllowedRows allowed) {
    if (!isWorth(cell, index.directory().rows()[cell])) {
      budget.tooFar();
      return;
    }
    int count = count(cell, allowed);
    if (count == 0) {
      budget.empty(cell);
      return;
    }
    if (!isWorth(cell, count)) {
      budget.tooFar();
      return;
    }
    budget.visit(cell, count);
    probed++;
    visited += count;
    geometry.aim(cell, margin, probe);
    CellMask mask = allowed == null ? null : allowed.mask(index, cell);
    boolean full = shortlist.full();
    float threshold = shortlist.threshold();
    long before = shortlist.kept();
    scan.scan(cell, probe, mask);
    if (full && budget.isOpen()) {
      odds.visited(cell, count, threshold, shortlist.kept() - before);
    }
  }

  private boolean isWorth(int cell, int rows) {
    if (!shortlist.full()) {
      return true;
    }
    float threshold = shortlist.threshold();
    return geometry.reaches(cell, threshold)
        && (!budget.isOpen()
            || odds.wasPromising(cell, rows) && odds.isPromising(cell, rows, threshold));
  }
}
