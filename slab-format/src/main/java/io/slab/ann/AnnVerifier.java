package io.slab.ann;

import io.slab.bytes.LittleEndian;
import io.slab.format.SlabReader;
import io.slab.format.file.SectionKind;
import io.slab.format.section.CellListsLayout;
import io.slab.format.section.DenseRows;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Compares the index of a slab with the slab's vectors: every list has the ranks of its rows' ids,
 * and codes, factors and cell statistics are those that centroids and codebook, as stored, give.
 * Whether other centroids would be better is not asked; what the stored ones find is measured
 * again, on queries that were not used for the recorded curve. Holds one list in memory. One thread
 * only.
 */
public final class AnnVerifier {
  /** Queries other than those that the curve was measured on. */
  private static final long SEED = 0xDEE9;

  private static final double[] TARGETS = {0.9, 0.95, 0.99};

  /** Takes what is found. */
  public interface Problems {
    /**
     * @param at byte inside the section
     */
    void error(SectionKind kind, long at, String problem);

    /** Notes that the index finds less than its manifest says. */
    void missed(String problem);
  }

  private final DenseRows rows;
  private final IvfIndex index;
  private final Curve curve;
  private final AnnKernels kernels;
  private final Problems problems;

  /** The row of each rank. */
  private final IntUnaryOperator rowAt;

  private AnnVerifier(
      DenseRows rows,
      IntUnaryOperator rowAt,
      IvfIndex index,
      Curve curve,
      AnnKernels kernels,
      Problems problems) {
    this.rows = rows;
    this.rowAt = rowAt;
    this.index = index;
    this.curve = curve;
    this.kernels = kernels;
    this.problems = problems;
  }

  /**
   * Checks the index of a slab, if it has one.
   *
   * @param threads for the exact answers that the recall is measured against
   * @throws io.slab.error.CorruptException when it cannot even be opened
   */
  public static void verify(SlabReader slab, int threads, Problems problems) {
    AnnIndex opened = AnnIndex.of(slab);
    if (opened == null) {
      return;
    }
    AnnKernels kernels = AnnKernels.best();
    AnnVerifier verifier =
        new AnnVerifier(
            slab.dense(), slab::rowAt, opened.index(), opened.curve(), kernels, problems);
    if (verifier.finite() && verifier.lists()) {
      verifier.recall(threads);
    }
  }

  private boolean finite() {
    for (int d = 0; d < index.centre().length; d++) {
      if (!Float.isFinite(index.centre()[d])) {
        long at = AnnSectionsLayout.CENTRE + 4L * d;
        problems.error(SectionKind.ROTATION, at, "the centre is not finite");
        return false;
      }
    }
    return finite(SectionKind.IVF_CENTROIDS, index.centroids())
        && (index.codebook() == null || finite(SectionKind.PQ_CODEBOOK, index.codebook()));
  }

  private boolean finite(SectionKind kind, MemorySegment floats) {
    for (long at = 0; at < floats.byteSize(); at += 4) {
      if (!Float.isFinite(floats.get(LittleEndian.FLOAT, at))) {
        problems.error(kind, at, "a value that is no finite number");
        return false;
      }
    }
    return true;
  }

  private boolean lists() {
    Cells cells = cells();
    if (cells == null) {
      return false;
    }
    ListEncoder encoder = new ListEncoder(index, rows, index.space(kernels), cells);
    for (int cell = 0; cell < index.cells(); cell++) {
      MemorySegment list = index.list(cell);
      if (!ranks(cell, list) || !sameList(encoder, cell, list)) {
        return false;
      }
    }
    // The directory was found to count as many rows as there are, so none is missing here.
    return true;
  }

  /** The stored centroids with squares computed anew; null when the directory has others. */
  private Cells cells() {
    int padded = index.padded();
    Cells cells = Cells.allocate(index.cells(), padded);
    Cells stored = new Cells(index.cells(), padded, index.centroids(), cells.squares());
    float[] centroid = new float[padded];
    for (int cell = 0; cell < index.cells(); cell++) {
      stored.get(cell, centroid);
      cells.set(cell, centroid);
      if (cells.squares()[cell] != index.directory().square()[cell]) {
        return directory(cell, 12, index.directory().square()[cell], cells.squares()[cell]);
      }
    }
    long at = cells.panels().mismatch(index.centroids());
    if (at >= 0) {
      problems.error(SectionKind.IVF_CENTROIDS, at, "the place of no cell is not zero");
      return null;
    }
    return cells;
  }

  private Cells directory(int cell, int field, double stored, double computed) {
    problems.error(
        SectionKind.IVF_DIR,
        (long) CellDirectory.ENTRY_BYTES * cell + field,
        "cell " + cell + " has " + stored + " there, its rows and centroid give " + computed);
    return null;
  }

  /** True when a list holds the ranks of its rows' ids, ascending. */
  private boolean ranks(int cell, MemorySegment list) {
    int first = index.directory().firstRow()[cell];
    int before = -1;
    for (int i = 0; i < index.directory().rows()[cell]; i++) {
      int rank = index.rank(list, i);
      String problem =
          rank <= before
              ? "rank " + rank + " after rank " + before
              : rowAt.applyAsInt(rank) != first + i
                  ? "rank " + rank + " for row " + (first + i) + ", which has another id"
                  : null;
      if (problem != null) {
        long at = index.directory().offset()[cell] + 4L * i;
        problems.error(SectionKind.IVF_LISTS, at, "cell " + cell + " has " + problem);
        return false;
      }
      before = rank;
    }
    return true;
  }

  private boolean sameList(ListEncoder encoder, int cell, MemorySegment list) {
    MemorySegment made = NativeMemory.allocate(list.byteSize()).asSlice(0, list.byteSize());
    int[] items = new int[index.directory().rows()[cell]];
    int first = index.directory().firstRow()[cell];
    Arrays.setAll(items, i -> first + i);
    double[] stats = encoder.encode(made, cell, items, 0, items.length, 0);
    // The encoder has the rows where it should have the ranks, which were looked at.
    MemorySegment.copy(list, 0, made, 0, (long) CellListsLayout.RANK_BYTES * items.length);
    ListDifference difference = ListDifference.find(index.layout(), items.length, list, made);
    if (difference != null) {
      problems.error(
          SectionKind.IVF_LISTS,
          index.directory().offset()[cell] + difference.at(),
          difference.part() + " of cell " + cell + " is not what vectors and centroid give");
      return false;
    }
    return sameStatistics(cell, stats, items.length);
  }

  private boolean sameStatistics(int cell, double[] stats, int count) {
    CellDirectory directory = index.directory();
    if (ListDifference.differ(directory.spread()[cell], stats[0] / count)) {
      directory(cell, 16, directory.spread()[cell], stats[0] / count);
    } else if (!(directory.radius()[cell] >= Math.sqrt(stats[2]))) {
      directory(cell, 20, directory.radius()[cell], Math.sqrt(stats[2]));
    } else if (ListDifference.differ(directory.along()[cell], stats[1] / count)) {
      directory(cell, 24, directory.along()[cell], stats[1] / count);
    } else {
      return true;
    }
    return false;
  }

  private void recall(int threads) {
    if (curve.points().isEmpty() || rows.rows() < 2) {
      return;
    }
    int depth = Calibration.depth(rows.rows(), Calibration.RESULTS);
    CalibrationQueries queries =
        CalibrationQueries.sample(
            rows, index.metric(), Calibration.QUERIES, depth, SEED, threads, kernels);
    Calibration calibration = new Calibration(index, rows, null, queries, kernels, threads);
    for (int k : Calibration.RESULTS) {
      for (double target : TARGETS) {
        Effort effort = curve.effortFor(target, k);
        curve.points().stream()
            .filter(point -> point.k() == k && k <= depth && point.effort().equals(effort))
            .findFirst()
            .ifPresent(point -> compare(point, target, calibration.measure(k, effort)));
      }
    }
  }

  /** A sample scatters: only what lies beyond its own margin of error is a miss. */
  private void compare(CurvePoint recorded, double target, CurvePoint found) {
    double error = found.recall() - found.assured();
    if (found.recall() + error < Math.min(target, recorded.assured())) {
      problems.missed(
          String.format(
              "%d probes find %.4f of the %d nearest, recorded is %.4f",
              recorded.effort().probes(), found.recall(), recorded.k(), recorded.recall()));
    }
  }
}
