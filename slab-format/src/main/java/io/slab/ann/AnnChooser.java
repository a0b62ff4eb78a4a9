package io.slab.ann;

import io.slab.error.CancellationToken;
import io.slab.error.WorkPhase;
import io.slab.format.section.DenseRows;
import io.slab.model.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses an index for the rows of a slab by trying: exact scan, one cell, and cells in two numbers
 * with sign codes, and PQ codes in the better ones where they may be cheaper. Where the rows are
 * many, the candidates compete on a sample of them and only the winner is built in full. The choice
 * depends on the rows and the seed only. One thread only.
 */
public final class AnnChooser {
  /** Raise it with every change to choosing or building that should reach slabs written before. */
  public static final int VERSION = 3;

  /** Fewer rows are scanned exactly without a trial: it takes a millisecond. */
  public static final int MIN_ROWS = 5_000;

  /** Rows the candidates compete on. */
  private static final int TRIAL_ROWS = 16_000;

  /** Recall whose cost decides, at k = 10. */
  private static final double[] TARGETS = {0.95, 0.99};

  /** Rows per cell. */
  private static final int[] CELL_ROWS = {400, 900};

  private final DenseRows rows;
  private final Metric metric;
  private final long seed;
  private final int threads;
  private final AnnKernels kernels;
  private CancellationToken work = CancellationToken.NONE;

  public AnnChooser(DenseRows rows, Metric metric, long seed, int threads, AnnKernels kernels) {
    this.rows = rows;
    this.metric = metric;
    this.seed = seed;
    this.threads = threads;
    this.kernels = kernels;
  }

  /** Tells a listener how far it is. */
  AnnChooser watchedBy(CancellationToken owner) {
    work = owner;
    return this;
  }

  /**
   * Cells per square root of the rows at most: assigning every row to its cell would otherwise come
   * to dominate the build.
   */
  private static final double ROOT_FACTOR = 1.2;

  /**
   * PQ codes are twice as long as sign codes and take five times as long to make, and the share of
   * the scan in the cost grows with the slab, which a trial does not show; they must be worth it.
   */
  private static final double PQ_HANDICAP = 1.6;

  /** Above, sign codes are precise enough that PQ codes, twice as long, never won a trial. */
  private static final int PQ_DIMENSIONS = 256;

  /** What a trial measures: the numbers of results whose cost decides. */
  private static final int[] TRIAL_RESULTS = {Calibration.RESULTS[0]};

  /** Number of cells to ask for. */
  static int cells(int rows, int rowsPerCell) {
    double most = ROOT_FACTOR * Math.sqrt(rows);
    return (int) Math.max(1, Math.round(Math.min(most, (double) rows / rowsPerCell)));
  }

  /** The best index, or null when an exact scan is. */
  public AnnIndex choose() {
    if (rows.rows() < MIN_ROWS) {
      return null;
    }
    boolean all = rows.rows() <= TRIAL_ROWS * 3 / 2;
    DenseRows trial = all ? rows : Subset.of(rows, TRIAL_ROWS, seed + 6);
    CalibrationQueries queries =
        queries(trial, Calibration.QUERIES, all ? Calibration.RESULTS : TRIAL_RESULTS);
    List<Candidate> candidates = candidates(trial, queries);
    double exact = TARGETS.length * CostModel.exact(rows.rows(), rows.dimension());
    if (all) {
      Candidate best = candidates.getFirst();
      return best.cost() < exact ? measuredInFull(best.built(), queries) : null;
    }
    return finalist(candidates, (double) rows.rows() / trial.rows(), exact);
  }

  /** What competes, cheapest first. */
  private List<Candidate> candidates(DenseRows trial, CalibrationQueries queries) {
    List<Candidate> candidates = new ArrayList<>();
    WorkPhase phase = new WorkPhase(work, "trying indexes", "indexes", 2 + CELL_ROWS.length);
    for (Shape shape : shapes()) {
      candidates.add(measure(trial, shape, queries, TRIAL_RESULTS, CancellationToken.NONE));
      phase.add(1);
    }
    candidates.sort(Comparator.comparingDouble(Candidate::cost));
    if (rows.dimension() <= PQ_DIMENSIONS) {
      Candidate cells = candidates.stream().filter(one -> !one.isFlat()).findFirst().orElseThrow();
      if (leastWithPq(cells) < candidates.getFirst().cost()) {
        Shape shape = new Shape(cells.shape().rowsPerCell(), Quantizer.PQ);
        candidates.add(measure(trial, shape, queries, TRIAL_RESULTS, CancellationToken.NONE));
        candidates.sort(Comparator.comparingDouble(Candidate::cost));
      }
    }
    phase.add(1);
    return candidates;
  }

  /**
   * What PQ codes in the same cells cost at least: they find no more than the cells hold, and read
   * as many codes for it as sign codes do, twice as long, even if none of them had to be refined.
   */
  private static double leastWithPq(Candidate cells) {
    IvfIndex index = cells.built().index();
    int k = Calibration.RESULTS[0];
    double cost = 0;
    for (double target : TARGETS) {
      double least = Double.POSITIVE_INFINITY;
      for (CurvePoint point : cells.built().curve().points()) {
        if (point.k() == k && point.recall() >= target) {
          double longer = CostModel.longer(index, point.scanned());
          least =
              Math.min(
                  least, CostModel.search(index, point.cells(), point.scanned(), 0, k) + longer);
        }
      }
      // Where sign codes never reach it, nothing is known of other codes.
      cost += least == Double.POSITIVE_INFINITY ? 0 : least;
    }
    return cost * PQ_HANDICAP;
  }

  /** The winner of a trial on all rows, with the numbers of results that a trial leaves out. */
  private AnnIndex measuredInFull(AnnIndex winner, CalibrationQueries queries) {
    int[] others =
        Arrays.copyOfRange(Calibration.RESULTS, TRIAL_RESULTS.length, Calibration.RESULTS.length);
    IvfIndex index = winner.index();
    List<CurvePoint> points = new ArrayList<>(winner.curve().points());
    points.addAll(calibration(rows, index, queries).watchedBy(work).run(others).points());
    return new AnnIndex(winner.algorithm(), index, new Curve(points));
  }

  private Calibration calibration(DenseRows data, IvfIndex index, CalibrationQueries queries) {
    return new Calibration(index, data, index.order(), queries, kernels, threads);
  }

  /**
   * The winner in full. A trial flatters a single cell, whose cost grows with the rows, while that
   * of cells grows more slowly: so cells are measured in full, and a single cell as well where it
   * may yet be cheaper.
   *
   * @param candidates of the trial, cheapest first
   * @param growth how many times more rows there are than in the trial
   */
  private AnnIndex finalist(List<Candidate> candidates, double growth, double exact) {
    CalibrationQueries queries = queries(rows, Calibration.QUERIES, Calibration.RESULTS);
    Candidate cells = candidates.stream().filter(one -> !one.isFlat()).findFirst().orElseThrow();
    Candidate flat = candidates.stream().filter(Candidate::isFlat).findFirst().orElseThrow();
    Candidate best = measure(rows, cells.shape(), queries, Calibration.RESULTS, work);
    if (flat.cost() * growth < best.cost()) {
      Candidate other = measure(rows, flat.shape(), queries, Calibration.RESULTS, work);
      best = other.cost() < best.cost() ? other : best;
    }
    return best.cost() < exact ? best.built() : null;
  }

  /**
   * @param rowsPerCell all rows when there is one cell
   */
  private record Shape(int rowsPerCell, Quantizer quantizer) {}

  private record Candidate(Shape shape, AnnIndex built, double cost) {
    boolean isFlat() {
      return built.index().cells() == 1;
    }
  }

  /** One cell, and cells in two numbers, with sign codes. */
  private List<Shape> shapes() {
    List<Shape> shapes = new ArrayList<>();
    shapes.add(new Shape(Integer.MAX_VALUE, Quantizer.SIGN));
    for (int cellRows : CELL_ROWS) {
      shapes.add(new Shape(cellRows, Quantizer.SIGN));
    }
    return shapes;
  }

  private CalibrationQueries queries(DenseRows data, int count, int[] results) {
    return CalibrationQueries.sample(
        data,
        metric,
        count,
        Calibration.depth(data.rows(), results),
        seed + 5,
        threads,
        kernels,
        work);
  }

  private Candidate measure(
      DenseRows data,
      Shape shape,
      CalibrationQueries queries,
      int[] results,
      CancellationToken owner) {
    int cells = cells(data.rows(), shape.rowsPerCell());
    IvfParams params = IvfParams.of(cells, shape.quantizer(), seed, threads);
    IvfIndex index = new IvfBuilder(data, metric, params, kernels).watchedBy(owner).build();
    Curve curve = calibration(data, index, queries).watchedBy(owner).run(results);
    // A target that was not reached takes all cells.
    double all =
        CostModel.search(
            index, index.cells(), data.rows(), Calibration.RESULTS[0], Calibration.RESULTS[0]);
    double cost = 0;
    for (double target : TARGETS) {
      cost += Math.min(all, curve.costFor(target, Calibration.RESULTS[0]));
    }
    cost *= shape.quantizer() == Quantizer.PQ ? PQ_HANDICAP : 1;
    return new Candidate(shape, new AnnIndex(AnnIndex.algorithm(index), index, curve), cost);
  }
}
