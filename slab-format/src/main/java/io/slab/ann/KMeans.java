package io.slab.ann;

import io.slab.error.CancellationToken;
import io.slab.error.WorkPhase;
import java.util.Arrays;

/**
 * Lloyd's algorithm over a sample. Seeded, and the same for any number of threads: rows are
 * assigned apart from each other, and each centroid is summed by one thread in row order.
 */
final class KMeans {
  /** Rows of one task of the assignment. */
  static final int TASK_ROWS = 960;

  private final AnnKernels kernels;
  private final int threads;
  private final int iterations;
  private final WorkPhase phase;

  KMeans(AnnKernels kernels, int threads, int iterations) {
    this(kernels, threads, iterations, new WorkPhase(CancellationToken.NONE, "", null, 0));
  }

  /**
   * @param phase counts the rows of each iteration
   */
  KMeans(AnnKernels kernels, int threads, int iterations, WorkPhase phase) {
    this.phase = phase;
    this.kernels = kernels;
    this.threads = threads;
    this.iterations = iterations;
  }

  /**
   * Trains cells.
   *
   * @param count 1 to the sample's size
   */
  Cells train(Sample sample, int count, long seed) {
    Cells cells = Cells.allocate(count, sample.padded());
    float[] vector = new float[sample.padded()];
    int[] start = Sample.positions(sample.count(), count, seed);
    for (int cell = 0; cell < count; cell++) {
      sample.get(start[cell], vector);
      cells.set(cell, vector);
    }
    int[] assignment = new int[sample.count()];
    for (int i = 0; i < iterations; i++) {
      assign(sample, cells, assignment);
      update(sample, cells, assignment, SplitMix64.at(seed, i));
    }
    return cells;
  }

  void assign(Sample sample, Cells cells, int[] assignment) {
    int tasks = (sample.count() + TASK_ROWS - 1) / TASK_ROWS;
    Parallel.run(
        threads,
        tasks,
        task -> {
          int first = task * TASK_ROWS;
          int rows = Math.min(TASK_ROWS, sample.count() - first);
          kernels.nearest(
              sample.slice(first, rows),
              rows,
              sample.padded(),
              cells.panels(),
              cells.squares(),
              assignment,
              first);
          phase.add(rows);
        });
  }

  private void update(Sample sample, Cells cells, int[] assignment, long seed) {
    Grouping groups = Grouping.of(assignment, cells.count());
    Parallel.run(threads, cells.count(), cell -> centre(sample, cells, groups, cell));
    reviveEmpty(sample, cells, groups, seed);
  }

  private static void centre(Sample sample, Cells cells, Grouping groups, int cell) {
    int size = groups.size(cell);
    if (size == 0) {
      return;
    }
    int padded = sample.padded();
    double[] sum = new double[padded];
    float[] vector = new float[padded];
    for (int i = groups.start(cell); i < groups.start(cell + 1); i++) {
      sample.get(groups.items()[i], vector);
      for (int d = 0; d < padded; d++) {
        sum[d] += vector[d];
      }
    }
    for (int d = 0; d < padded; d++) {
      vector[d] = (float) (sum[d] / size);
    }
    cells.set(cell, vector);
  }

  /** An empty cell restarts at a random member of a random large cell. */
  private static void reviveEmpty(Sample sample, Cells cells, Grouping groups, long seed) {
    SplitMix64 random = new SplitMix64(seed);
    float[] vector = new float[sample.padded()];
    for (int cell = 0; cell < cells.count(); cell++) {
      if (groups.size(cell) == 0) {
        // A random row lies in a cell with a chance in proportion to the cell's size.
        sample.get(random.below(sample.count()), vector);
        cells.set(cell, vector);
      }
    }
  }

  /** Positions in the order of their group, ascending inside each. */
  record Grouping(int[] items, int[] starts) {
    static Grouping of(int[] group, int groups) {
      int[] starts = new int[groups + 1];
      for (int g : group) {
        starts[g + 1]++;
      }
      for (int g = 0; g < groups; g++) {
        starts[g + 1] += starts[g];
      }
      int[] next = Arrays.copyOf(starts, groups);
      int[] items = new int[group.length];
      for (int i = 0; i < group.length; i++) {
        items[next[group[i]]++] = i;
      }
      return new Grouping(items, starts);
    }

    int start(int group) {
      return starts[group];
    }

    int size(int group) {
      return starts[group + 1] - starts[group];
    }
  }
}
