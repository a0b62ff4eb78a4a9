package io.slab.ann;

import io.slab.bytes.LittleEndian;
import io.slab.error.CorruptException;
import io.slab.format.section.CellListsLayout;
import io.slab.model.Metric;
import java.lang.foreign.MemorySegment;

/**
 * An index over the dense rows of one slab: cells with their lists of codes. Memory layout is file
 * layout, so all parts may be mapped. With one cell it is a flat scan of codes ("ananas").
 * Immutable and thread-safe; search it through an {@link IvfSearcher} per thread.
 */
public final class IvfIndex {
  private final Metric metric;
  private final int dimension;
  private final int rows;
  private final Quantizer quantizer;
  private final float grid;
  private final ListLayout layout;
  private final long seed;
  private final float[] centre;
  private final CellDirectory directory;
  private final MemorySegment centroids;
  private final ListBytes lists;
  private final long listBytes;
  private final MemorySegment codebook;
  private volatile CentroidCodes centroidCodes;

  IvfIndex(
      Metric metric,
      int dimension,
      int rows,
      Quantizer quantizer,
      float grid,
      long seed,
      float[] centre,
      CellDirectory directory,
      MemorySegment centroids,
      ListBytes lists,
      long listBytes,
      MemorySegment codebook) {
    this.metric = metric;
    this.dimension = dimension;
    this.rows = rows;
    this.quantizer = quantizer;
    this.grid = grid;
    this.layout = ListLayout.of(quantizer, Rotation.paddedDimension(dimension));
    this.seed = seed;
    this.centre = centre;
    this.directory = directory;
    this.centroids = centroids;
    this.lists = lists;
    this.listBytes = listBytes;
    this.codebook = codebook;
  }

  public Metric metric() {
    return metric;
  }

  public int dimension() {
    return dimension;
  }

  /** Rows of the slab, all of which lie in exactly one list. */
  public int rows() {
    return rows;
  }

  public Quantizer quantizer() {
    return quantizer;
  }

  /** Half of the step between the digits of fine codes. */
  float grid() {
    return grid;
  }

  /** Where the parts of lists lie. */
  ListLayout layout() {
    return layout;
  }

  /** Seed of the rotation. */
  long seed() {
    return seed;
  }

  /** What is subtracted from rotated vectors; zeros for the inner product. */
  float[] centre() {
    return centre;
  }

  CellDirectory directory() {
    return directory;
  }

  /** Panels as in {@link Cells}. */
  MemorySegment centroids() {
    return centroids;
  }

  /** All lists, one after the other, as in {@link ListLayout}. */
  ListBytes lists() {
    return lists;
  }

  /** Their length. */
  public long listBytes() {
    return listBytes;
  }

  /** Bytes of the PQ codebook, null for sign codes. */
  MemorySegment codebook() {
    return codebook;
  }

  /** Codes of the centroids, made when they are asked for first; null where they do not pay. */
  CentroidCodes centroidCodes() {
    if (centroidCodes == null && CentroidCodes.pays(this)) {
      // Two threads may both make them; they make the same.
      centroidCodes = CentroidCodes.of(this);
    }
    return centroidCodes;
  }

  public int cells() {
    return directory.cells();
  }

  /** Rows of each list. */
  public int[] cellRows() {
    return directory.rows().clone();
  }

  int padded() {
    return Rotation.paddedDimension(dimension);
  }

  int groups() {
    return layout.groups();
  }

  /** False where a row is so long that numbers went out of range: such an index is of no use. */
  boolean isFinite() {
    double sum = 0;
    for (float number : centre) {
      sum += 0 * number;
    }
    for (int cell = 0; cell < cells(); cell++) {
      sum += 0 * directory.square()[cell];
      sum += 0 * directory.spread()[cell];
      sum += 0 * directory.radius()[cell];
      sum += 0 * directory.along()[cell];
    }
    return sum == 0;
  }

  /** Bytes of everything derived. */
  public long bytes() {
    return 4L * centre.length
        + centroids.byteSize()
        + listBytes
        + (long) CellDirectory.ENTRY_BYTES * cells()
        + (codebook == null ? 0 : codebook.byteSize());
  }

  VectorSpace space(AnnKernels kernels) {
    return new VectorSpace(metric, new Rotation(dimension, seed), centre, kernels);
  }

  RowEncoder encoder() {
    return quantizer == Quantizer.SIGN
        ? SignEncoder.INSTANCE
        : PqCodebook.read(padded(), grid, codebook);
  }

  /** One list; verified where it comes from a file. */
  MemorySegment list(int cell) {
    return lists.slice(directory.offset()[cell], layout.bytes(directory.rows()[cell]));
  }

  /** Fetches the lists of cells at once, where they are not at hand. */
  void announce(int first, int[] others) {
    long[] at = new long[others.length + 1];
    long[] length = new long[at.length];
    for (int i = 0; i < at.length; i++) {
      int cell = i == 0 ? first : others[i - 1];
      at[i] = directory.offset()[cell];
      length[i] = layout.bytes(directory.rows()[cell]);
    }
    lists.announce(at, length);
  }

  /** Where the codes begin inside the list. */
  long codesAt(int cell) {
    return layout.codesAt(directory.rows()[cell]);
  }

  /** Where the factors begin inside the list. */
  long factorsAt(int cell) {
    return layout.factorsAt(directory.rows()[cell]);
  }

  /** The rank of the id of the row at a position of a list. */
  int rank(MemorySegment list, int position) {
    int rank = list.get(LittleEndian.INT, (long) CellListsLayout.RANK_BYTES * position);
    if (rank < 0 || rank >= rows) {
      throw new CorruptException(
          lists.resource(), -1, "rank " + Integer.toUnsignedString(rank), "a rank below " + rows);
    }
    return rank;
  }

  /** The rank of the id of a row: what rows of equal score are told apart by. */
  int rankOf(int row) {
    int cell = directory.cellOf(row);
    return rank(list(cell), row - directory.firstRow()[cell]);
  }

  /** The ranks of the ids of all rows; null where each is the row, as with a single cell. */
  public int[] order() {
    if (cells() == 1) {
      return null;
    }
    int[] order = new int[rows];
    for (int cell = 0; cell < cells(); cell++) {
      MemorySegment list = list(cell);
      int first = directory.firstRow()[cell];
      for (int i = 0; i < directory.rows()[cell]; i++) {
        order[first + i] = rank(list, i);
      }
    }
    return order;
  }
}
