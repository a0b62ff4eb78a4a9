package io.slab.ann;

/**
 * An index with what was measured about it.
 *
 * @param algorithm {@code ananas} (one cell), {@code ivf} or {@code pqfs}
 */
public record AnnIndex(String algorithm, IvfIndex index, Curve curve) {
  public static final String ANANAS = "ananas";
  public static final String IVF = "ivf";
  public static final String PQFS = "pqfs";

  /** The name of what an index is. */
  static String algorithm(IvfIndex index) {
    return index.quantizer() == Quantizer.PQ ? PQFS : index.cells() == 1 ? ANANAS : IVF;
  }
}
