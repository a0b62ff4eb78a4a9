package io.slab.format.section;

/**
 * RAW_VECTORS: the float32 bits of every dense vector as they came in, little-endian, row-major,
 * packed, 4096-aligned. INVERSE_NORMS beside it (cosine only): per row one float32, {@code (float)
 * (1 / sqrt(v . v))} with the canonical sum of spec/semantics.md, or 0 for a vector of norm zero,
 * NaN for one that holds NaN.
 */
public final class RawVectorsLayout {
  private RawVectorsLayout() {}

  /** The value of INVERSE_NORMS for a row with this canonical sum of squares. */
  public static float inverseNorm(double sumOfSquares) {
    if (Double.isNaN(sumOfSquares)) {
      // One NaN of the many, so that the same rows always give the same bytes.
      return Float.NaN;
    }
    return sumOfSquares == 0 ? 0 : (float) (1 / Math.sqrt(sumOfSquares));
  }
}
