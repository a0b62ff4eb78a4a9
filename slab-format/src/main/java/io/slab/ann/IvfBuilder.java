package io.slab.ann;

import io.slab.error.CancellationToken;
import io.slab.error.WorkPhase;
import io.slab.format.section.DenseRows;
import io.slab.model.Metric;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Builds an {@link IvfIndex}: trains cells on a sample, assigns rows, splits cells that came out
 * too large, encodes list by list. Rows are read twice, in row order and in list order. The result
 * depends on rows and parameters, not on threads or kernels. One thread only.
 */
public final class IvfBuilder {
  /** A cell of more than this many times the average is split. */
  private static final int SPLIT_FACTOR = 3;

  /** The four steps of a fine code reach from zero to twice the length of a sign. */
  private static final float SIGN_GRID = 0.25f;

  private static final int PQ_SAMPLE = 4096;

  /** Most bytes of the training sample. */
  private static final long SAMPLE_BYTES = 256L << 20;

  private final DenseRows rows;
  private final Metric metric;
  private final IvfParams params;
  private final AnnKernels kernels;
  private final Rotation rotation;
  private final float[] centre;
  private VectorSpace space;
  private CancellationToken work = CancellationToken.NONE;
  private long trainNanos;
  private long assignNanos;
  private long encodeNanos;

  public IvfBuilder(DenseRows rows, Metric metric, IvfParams params, AnnKernels kernels) {
    this.rows = rows;
    this.metric = metric;
    this.params = params;
    this.kernels = kernels;
    this.rotation = new Rotation(rows.dimension(), params.seed());
    this.centre = new float[rotation.padded()];
    this.space = new VectorSpace(metric, rotation, centre, kernels);
  }

  /** Tells a listener how far it is. */
  IvfBuilder watchedBy(CancellationToken owner) {
    work = owner;
    return this;
  }

  /** Nanoseconds of the stages of the last build: train, assign, encode. */
  public long[] stageNanos() {
    return new long[] {trainNanos, assignNanos, encodeNanos};
  }

  public IvfIndex build() {
    long start = System.nanoTime();
    Sample sample = sample();
    centre(sample);
    CellTree tree =
        CellTree.train(sample, Math.min(params.cells(), sample.count()), params, kernels, work);
    trainNanos = System.nanoTime() - start;
    int[] assignment = new int[rows.rows()];
    assign(tree, assignment);
    CellSplitter splitter = new CellSplitter(rows, space, kernels, params);
    Cells cells =
        inOrder(
            splitter.split(tree.cells(), assignment, largestCell(tree.cells().count())),
            assignment);
    assignNanos = System.nanoTime() - start - trainNanos;
    IvfIndex index = encode(cells, assignment);
    encodeNanos = System.nanoTime() - start - trainNanos - assignNanos;
    return index;
  }

  /** Renumbers the cells, so that neighbours follow each other. */
  private static Cells inOrder(Cells cells, int[] assignment) {
    int[] order = CellOrder.of(cells);
    int[] place = new int[order.length];
    Cells ordered = Cells.allocate(cells.count(), cells.padded());
    float[] centroid = new float[cells.padded()];
    for (int i = 0; i < order.length; i++) {
      place[order[i]] = i;
      cells.get(order[i], centroid);
      ordered.set(i, centroid);
    }
    for (int row = 0; row < assignment.length; row++) {
      assignment[row] = place[assignment[row]];
    }
    return ordered;
  }

  /** Moves the space, and the sample with it, so that the sample's mean is the origin. */
  private void centre(Sample sample) {
    if (metric == Metric.DOTPRODUCT) {
      return;
    }
    double[] sum = new double[centre.length];
    float[] vector = new float[centre.length];
    for (int i = 0; i < sample.count(); i++) {
      sample.get(i, vector);
      for (int d = 0; d < sum.length; d++) {
        sum[d] += vector[d];
      }
    }
    for (int d = 0; d < sum.length; d++) {
      centre[d] = (float) (sum[d] / sample.count());
    }
    for (int i = 0; i < sample.count(); i++) {
      sample.get(i, vector);
      for (int d = 0; d < sum.length; d++) {
        vector[d] -= centre[d];
      }
      sample.set(i, vector);
    }
    space = new VectorSpace(metric, rotation, centre.clone(), kernels);
  }

  private int largestCell(int cells) {
    return cells == 1
        ? Integer.MAX_VALUE
        : (int)
            Math.min(Integer.MAX_VALUE, Math.max(64L, (long) SPLIT_FACTOR * rows.rows() / cells));
  }

  private Sample sample() {
    long byCells = (long) params.cells() * params.samplePerCell();
    long byBytes = SAMPLE_BYTES / (4L * space.padded());
    int count = (int) Math.min(rows.rows(), Math.max(params.cells(), Math.min(byCells, byBytes)));
    return load(Sample.positions(rows.rows(), count, params.seed() + 1));
  }

  private Sample load(int[] positions) {
    Sample sample = Sample.allocate(positions.length, space.padded());
    int tasks = (positions.length + KMeans.TASK_ROWS - 1) / KMeans.TASK_ROWS;
    Parallel.run(
        params.threads(),
        tasks,
        task -> {
          float[] vector = new float[space.padded()];
          int end = Math.min(positions.length, (task + 1) * KMeans.TASK_ROWS);
          for (int i = task * KMeans.TASK_ROWS; i < end; i++) {
            space.load(rows, positions[i], vector);
            sample.set(i, vector);
          }
        });
    return sample;
  }

  private void assign(CellTree tree, int[] assignment) {
    if (tree.cells().count() == 1) {
      return;
    }
    int tasks = (assignment.length + KMeans.TASK_ROWS - 1) / KMeans.TASK_ROWS;
    WorkPhase phase = new WorkPhase(work, "clusters", "records", assignment.length);
    Parallel.run(
        params.threads(),
        tasks,
        task -> {
          int first = task * KMeans.TASK_ROWS;
          int count = Math.min(KMeans.TASK_ROWS, assignment.length - first);
          Sample chunk = Sample.allocate(count, space.padded());
          float[] vector = new float[space.padded()];
          for (int i = 0; i < count; i++) {
            space.load(rows, first + i, vector);
            chunk.set(i, vector);
          }
          tree.assign(chunk, count, assignment, first);
          phase.add(count);
        });
  }

  private IvfIndex encode(Cells cells, int[] assignment) {
    KMeans.Grouping groups = KMeans.Grouping.of(assignment, cells.count());
    int padded = space.padded();
    ListLayout layout = ListLayout.of(params.quantizer(), padded);
    CellDirectory directory = CellDirectory.allocate(cells.count());
    long total = 0;
    for (int cell = 0; cell < cells.count(); cell++) {
      directory.offset()[cell] = total;
      directory.rows()[cell] = groups.size(cell);
      directory.square()[cell] = cells.squares()[cell];
      total += layout.bytes(groups.size(cell));
    }
    directory.placeRows();
    MemorySegment lists = NativeMemory.allocate(total).asSlice(0, total);
    PqCodebook codebook =
        params.quantizer() == Quantizer.PQ ? trainCodebook(cells, assignment) : null;
    IvfIndex index =
        new IvfIndex(
            metric,
            rows.dimension(),
            rows.rows(),
            params.quantizer(),
            codebook == null ? SIGN_GRID : codebook.grid(),
            params.seed(),
            centre.clone(),
            directory,
            cells.panels(),
            lists::asSlice,
            total,
            codebook == null ? null : codebook.write());
    ListEncoder encoder = new ListEncoder(index, rows, space, cells);
    int tasks = cells.count() == 1 ? ListLayout.blocks(rows.rows()) / 64 + 1 : cells.count();
    WorkPhase phase = new WorkPhase(work, "codes", "records", rows.rows());
    if (cells.count() == 1) {
      encodeFlat(index, encoder, tasks, phase);
    } else {
      Parallel.run(
          params.threads(),
          tasks,
          cell -> {
            encodeCell(index, groups, encoder, cell);
            phase.add(groups.size(cell));
          });
    }
    return index;
  }

  /** A lone list is cut into runs of blocks, so that all threads share it. */
  private void encodeFlat(IvfIndex index, ListEncoder encoder, int tasks, WorkPhase phase) {
    double[][] stats = new double[tasks][];
    int[] all = new int[rows.rows()];
    Arrays.setAll(all, i -> i);
    Parallel.run(
        params.threads(),
        tasks,
        task -> {
          int from = Math.min(all.length, task * 64 * FastScan.BLOCK);
          int to = Math.min(all.length, (task + 1) * 64 * FastScan.BLOCK);
          stats[task] = encoder.encode(index.list(0), 0, all, from, to, 0);
          phase.add(to - from);
        });
    double[] sum = new double[3];
    for (double[] part : stats) {
      sum[0] += part[0];
      sum[1] += part[1];
      sum[2] = Math.max(sum[2], part[2]);
    }
    describe(index.directory(), 0, sum);
  }

  private void encodeCell(IvfIndex index, KMeans.Grouping groups, ListEncoder encoder, int cell) {
    double[] stats =
        encoder.encode(
            index.list(cell),
            cell,
            groups.items(),
            groups.start(cell),
            groups.start(cell + 1),
            groups.start(cell));
    describe(index.directory(), cell, stats);
  }

  private static void describe(CellDirectory directory, int cell, double[] stats) {
    int count = Math.max(1, directory.rows()[cell]);
    directory.spread()[cell] = (float) (stats[0] / count);
    directory.along()[cell] = (float) (stats[1] / count);
    // The residuals carry the rounding of the rotation and of the subtraction.
    directory.radius()[cell] = (float) (Math.sqrt(stats[2]) * (1 + 1e-4));
  }

  private PqCodebook trainCodebook(Cells cells, int[] assignment) {
    int count = Math.min(PQ_SAMPLE, rows.rows());
    int[] positions = Sample.positions(rows.rows(), count, params.seed() + 2);
    Sample residuals = load(positions);
    float[] vector = new float[space.padded()];
    float[] centroid = new float[space.padded()];
    for (int i = 0; i < count; i++) {
      residuals.get(i, vector);
      cells.get(assignment[positions[i]], centroid);
      for (int d = 0; d < vector.length; d++) {
        vector[d] -= centroid[d];
      }
      residuals.set(i, vector);
    }
    return PqCodebook.train(residuals, params.seed() + 3, params.threads());
  }
}
