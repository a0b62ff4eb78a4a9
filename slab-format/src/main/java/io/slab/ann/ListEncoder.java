package io.slab.ann;

import io.slab.bytes.LittleEndian;
import io.slab.format.section.DenseRows;
import java.lang.foreign.MemorySegment;

/**
 * Writes the lists of an index: ranks, codes and fine codes of given rows. The bytes depend on
 * rows, centroids and codebook only, so that a check can write a list again and compare.
 * Thread-safe once made; each call belongs to one thread.
 */
final class ListEncoder {
  private final IvfIndex index;
  private final DenseRows rows;
  private final VectorSpace space;
  private final Cells cells;
  private final RowEncoder encoder;

  /**
   * @param index of which the number of rows of each cell is known
   * @param cells its centroids
   */
  ListEncoder(IvfIndex index, DenseRows rows, VectorSpace space, Cells cells) {
    this.index = index;
    this.rows = rows;
    this.space = space;
    this.cells = cells;
    this.encoder = index.encoder();
  }

  /**
   * Encodes {@code items[from .. to]} of a list whose first item is {@code items[first]}; from is a
   * multiple of a block away from first.
   *
   * @param list where to: the whole list, zeros
   * @param items the numbers of the rows among the encoder's rows, which are the ranks of their ids
   * @return sum of squared residuals, sum of squared components along the centroid, largest square
   */
  double[] encode(MemorySegment list, int cell, int[] items, int from, int to, int first) {
    int padded = space.padded();
    float[] centroid = new float[padded];
    cells.get(cell, centroid);
    double length = Math.sqrt(cells.squares()[cell]);
    float[] vector = new float[padded];
    double[] stats = new double[3];
    double[] dots = new double[2];
    ListLayout layout = index.layout();
    int size = index.directory().rows()[cell];
    CodeBlocks packer = new CodeBlocks(index.metric(), encoder, index.groups(), padded);
    FineEncoder fine = new FineEncoder(index.metric(), index.quantizer(), index.grid(), padded);
    for (int i = from; i < to; i++) {
      int position = i - first;
      int slot = position % FastScan.BLOCK;
      space.load(rows, items[i], vector);
      addStats(vector, centroid, length, dots, stats);
      RowCode code = packer.add(slot, vector, dots[0], dots[1], centroid);
      long fineAt = layout.fineAt(size) + (long) layout.fineBytes() * position;
      fine.write(vector, dots[0], dots[1], centroid, code, list, fineAt);
      list.set(LittleEndian.INT, 4L * position, items[i]);
      if (slot == FastScan.BLOCK - 1 || i == to - 1) {
        long block = position / FastScan.BLOCK;
        packer.flush(
            list,
            layout.codesAt(size) + block * 16 * layout.groups(),
            layout.factorsAt(size) + block * FastScan.FACTOR_BYTES);
      }
    }
    if (to - first == size) {
      list.asSlice(4L * size, layout.codesAt(size) - 4L * size).fill((byte) -1);
    }
    return stats;
  }

  /** Turns the vector into its residual, whose square and product with the centroid go to dots. */
  private static void addStats(
      float[] vector, float[] centroid, double length, double[] dots, double[] stats) {
    double square = 0;
    double dot = 0;
    for (int d = 0; d < vector.length; d++) {
      float r = vector[d] - centroid[d];
      vector[d] = r;
      square += (double) r * r;
      dot += (double) r * centroid[d];
    }
    dots[0] = square;
    dots[1] = dot;
    double component = length > 0 ? dot / length : 0;
    stats[0] += square;
    stats[1] += component * component;
    stats[2] = Math.max(stats[2], square);
  }
}
