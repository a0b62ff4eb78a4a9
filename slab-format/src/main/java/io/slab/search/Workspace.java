package io.slab.search;

import io.slab.ann.AnnKernels;
import io.slab.ann.IvfIndex;
import io.slab.ann.IvfSearcher;
import io.slab.ann.Scanners;
import io.slab.format.section.DenseRows;
import io.slab.model.SparseVector;
import io.slab.vector.DenseKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.IdentityHashMap;

/** The buffers of one thread, reused from query to query. */
final class Workspace {
  /**
   * A block of rows is checked, scored and collected while it is in the second-level cache. Not a
   * power of two, nor are its quarters: the four streams of a kernel would share cache sets and
   * hold each other up.
   */
  private static final int BLOCK_BYTES = 245 << 10;

  final DenseKernel kernel;
  final float[] row;
  final float[] keys;
  final float[] norms;
  final float[] inverseNorms;
  final SparseVector[] sparse;
  final SparseScan sparseScan = new SparseScan();
  final long[] mask;

  private static final int MAX_SEARCHERS = 1_024;

  private final Scanners scanners;
  private MemorySegment recordBlock;
  private final IdentityHashMap<IvfIndex, IvfSearcher> searchers = new IdentityHashMap<>();

  Workspace(DenseKernel kernel, AnnKernels annKernels, int dimension) {
    this.scanners = new Scanners(annKernels);
    int rows = blockRows(dimension);
    this.kernel = kernel;
    row = new float[dimension];
    keys = new float[rows * kernel.tileQueries()];
    norms = new float[rows];
    inverseNorms = new float[rows];
    sparse = new SparseVector[rows];
    mask = new long[(rows + 63) / 64];
  }

  /** Native memory for a block of rows that lie in no slab. */
  MemorySegment recordBlock() {
    if (recordBlock == null) {
      recordBlock = Arena.ofAuto().allocate(4L * blockRows(row.length) * row.length, 64);
    }
    return recordBlock;
  }

  /** This thread's searcher of an index, with its tables from query to query. */
  IvfSearcher searcher(IvfIndex index, DenseRows rows) {
    if (searchers.size() >= MAX_SEARCHERS) {
      searchers.clear();
    }
    return searchers.computeIfAbsent(index, i -> new IvfSearcher(i, rows, scanners));
  }

  /** Rows of a block: a multiple of four, for the four streams of the kernels. */
  static int blockRows(int dimension) {
    int fit = BLOCK_BYTES / Math.max(4, 4 * dimension);
    return Math.clamp(fit & ~3, 4, 4096);
  }
}
