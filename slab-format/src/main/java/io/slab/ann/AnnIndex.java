package io.slab.ann;

import io.slab.format.SlabView;

/**
 * An index with what was measured about it.
 *
 * @param algorithm {@code ananas} (one cell), {@code ivf} or {@code pqfs}
 */
public record AnnIndex(String algorithm, IvfIndex index, Curve curve) {
  public static final String ANANAS = "ananas";
  public static final String IVF = "ivf";
  public static final String PQFS = "pqfs";

  /** The index of an opened slab, or null when it has none; opened once. */
  public static AnnIndex of(SlabView view) {
    return view.attachment(AnnIndex.class, AnnSectionsReader::open);
  }

  /**
   * True when scoring so many rows one by one is cheaper than a search that has to find k among
   * them.
   */
  public boolean rowsAreCheaper(long matching, double recall, int k) {
    double share = (double) matching / index.rows();
    return CostModel.rows(matching, index.dimension())
        <= CostModel.filtered(index, curve.cellsFor(recall, k / share), share, k);
  }

  /** The name of what an index is. */
  public static String algorithm(IvfIndex index) {
    return index.quantizer() == Quantizer.PQ ? PQFS : index.cells() == 1 ? ANANAS : IVF;
  }
}
