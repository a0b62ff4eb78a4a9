package io.slab.ann;

import io.slab.error.CancellationToken;
import io.slab.error.WorkPhase;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Finds the cell of rows. Up to {@link #FLAT_CELLS} cells every row meets every centroid; above, a
 * row meets about the square root of their number and then the cells below the nearest few.
 * Thread-safe.
 */
final class CellTree {
  static final int FLAT_CELLS = 4096;

  /** Branches a row descends into. */
  private static final int BRANCHES = 3;

  private final AnnKernels kernels;
  private final Cells cells;
  private final Cells tops;
  private final Cells[] branches;
  private final int[] firsts;

  private CellTree(AnnKernels kernels, Cells cells, Cells tops, Cells[] branches, int[] firsts) {
    this.kernels = kernels;
    this.cells = cells;
    this.tops = tops;
    this.branches = branches;
    this.firsts = firsts;
  }

  static CellTree train(Sample sample, int count, IvfParams params, AnnKernels kernels) {
    return train(sample, count, params, kernels, CancellationToken.NONE);
  }

  /**
   * @param work hears how far it is
   */
  static CellTree train(
      Sample sample, int count, IvfParams params, AnnKernels kernels, CancellationToken work) {
    boolean flat = count <= FLAT_CELLS;
    // Each round looks at the whole sample: once for the cells, or for those above and below.
    long rounds = flat ? params.iterations() : 2L * params.iterations() + 1;
    WorkPhase phase = new WorkPhase(work, "training clusters", null, rounds * sample.count());
    KMeans trainer = new KMeans(kernels, params.threads(), params.iterations(), phase);
    if (flat) {
      return new CellTree(kernels, trainer.train(sample, count, params.seed()), null, null, null);
    }
    int width = (int) Math.ceil(Math.sqrt(count));
    Cells tops = trainer.train(sample, width, params.seed());
    int[] assignment = new int[sample.count()];
    trainer.assign(sample, tops, assignment);
    KMeans.Grouping groups = KMeans.Grouping.of(assignment, width);
    Cells[] branches = new Cells[width];
    Parallel.run(
        params.threads(),
        width,
        top -> {
          int size = groups.size(top);
          int share =
              (int) Math.min(size, Math.max(1, Math.round((double) count * size / sample.count())));
          Sample part = sample.select(groups.items(), groups.start(top), groups.start(top + 1));
          branches[top] =
              size == 0
                  ? null
                  : new KMeans(kernels, 1, params.iterations(), phase)
                      .train(part, share, SplitMix64.at(params.seed(), top));
        });
    return join(kernels, tops, branches, sample.padded());
  }

  private static CellTree join(AnnKernels kernels, Cells tops, Cells[] branches, int padded) {
    int[] firsts = new int[branches.length];
    int total = 0;
    for (int top = 0; top < branches.length; top++) {
      firsts[top] = total;
      total += branches[top] == null ? 0 : branches[top].count();
    }
    Cells cells = Cells.allocate(total, padded);
    float[] vector = new float[padded];
    for (int top = 0; top < branches.length; top++) {
      for (int i = 0; branches[top] != null && i < branches[top].count(); i++) {
        branches[top].get(i, vector);
        cells.set(firsts[top] + i, vector);
      }
    }
    return new CellTree(kernels, cells, tops, branches, firsts);
  }

  Cells cells() {
    return cells;
  }

  /** Writes the cell of each of {@code rows} vectors to {@code out[at ..]}. */
  void assign(Sample vectors, int rows, int[] out, int at) {
    if (tops == null) {
      kernels.nearest(
          vectors.vectors(), rows, cells.padded(), cells.panels(), cells.squares(), out, at);
      return;
    }
    float[] vector = new float[cells.padded()];
    float[] dots = new float[tops.squares().length];
    for (int i = 0; i < rows; i++) {
      vectors.get(i, vector);
      out[at + i] = descend(vector, dots);
    }
  }

  private int descend(float[] vector, float[] dots) {
    kernels.dots(vector, tops.panels(), Cells.panelCount(tops.count()), dots);
    for (int top = 0; top < tops.count(); top++) {
      dots[top] =
          branches[top] == null ? Float.POSITIVE_INFINITY : tops.squares()[top] - 2 * dots[top];
    }
    int winner = 0;
    float least = Float.POSITIVE_INFINITY;
    for (int b = 0; b < BRANCHES; b++) {
      int top = argMin(dots, tops.count());
      if (dots[top] == Float.POSITIVE_INFINITY) {
        break;
      }
      dots[top] = Float.POSITIVE_INFINITY;
      Cells branch = branches[top];
      float[] scores = new float[branch.squares().length];
      kernels.dots(vector, branch.panels(), Cells.panelCount(branch.count()), scores);
      for (int i = 0; i < branch.count(); i++) {
        scores[i] = branch.squares()[i] - 2 * scores[i];
      }
      int best = argMin(scores, branch.count());
      if (scores[best] < least) {
        least = scores[best];
        winner = firsts[top] + best;
      }
    }
    return winner;
  }

  private static int argMin(float[] values, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (values[i] < values[best]) {
        best = i;
      }
    }
    return best;
  }

  /** The squared norms without the padding, for tests. */
  float[] squares() {
    return Arrays.copyOf(cells.squares(), cells.count());
  }

  MemorySegment panels() {
    return cells.panels();
  }
}
