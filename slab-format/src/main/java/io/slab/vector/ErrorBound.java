package io.slab.vector;

/**
 * How far a float kernel's result can be from the canonical score of the same pair. It only decides
 * which rows may be skipped without looking at them again; every row that might belong to the
 * answer is scored canonically.
 *
 * <p>The bound on one kernel result {@code s} is {@code absolute + relative * |s| + perNorm *
 * sqrt(norm)}, where {@code norm} is the squared norm of the row as the kernel computed it. It
 * holds for every finite {@code s} (and finite {@code norm}, where perNorm is not 0); results that
 * are not finite say nothing, and the row must be scored canonically.
 *
 * <p>Why it holds. Let {@code u = 2^-24} and {@code g(h) = h u / (1 - h u)}. When no term of a sum
 * passes through more than {@code h} roundings, in any order of summation and with or without fused
 * multiply-add, the computed sum differs from the true one by at most {@code g(h) * sum |terms|}
 * (Higham, Accuracy and Stability, 3.1 and 4.2), plus {@code 2^-150} for each product that is
 * rounded in the subnormal range; sums in that range are exact.
 *
 * <ul>
 *   <li>Inner product: {@code sum |q_i v_i| <= |q| |v|} by Cauchy-Schwarz. The kernel's squared
 *       norm N has positive terms only, so {@code |v|^2 <= (N + n 2^-149) / (1 - g(h))}, and the
 *       root of a sum is at most the sum of roots.
 *   <li>Cosine: the kernel multiplies the query, scaled to norm 1 in double and rounded, with the
 *       row, and the result with the stored reciprocal norm: four roundings more, on a sum of
 *       absolute values of at most 1 + 4u. Rows whose reciprocal norm lies outside {@link
 *       #MIN_INVERSE_NORM} .. {@link #MAX_INVERSE_NORM} are not covered (there the reciprocal may
 *       be subnormal, or the underflows of the sum may be magnified) and are scored canonically.
 *   <li>Squared distance: differences of floats do not underflow, so every term is off by three
 *       roundings more, and all terms are positive: the error is relative to the result itself.
 * </ul>
 *
 * <p>The canonical double sum is itself off by at most a few 2^-29 of these bounds, and evaluating
 * a bound in double costs less still: the factor {@link #SLACK} covers both.
 *
 * @param absolute same unit as the score
 * @param relative share of the result
 * @param perNorm factor of the row's norm; 0 when norms are not needed
 */
public record ErrorBound(double absolute, double relative, double perNorm) {
  /** Smallest reciprocal norm for which {@link #cosine} holds. */
  public static final float MIN_INVERSE_NORM = 0x1p-100f;

  /** Largest reciprocal norm for which {@link #cosine} holds. */
  public static final float MAX_INVERSE_NORM = 0x1p100f;

  private static final double UNIT = 0x1p-24;
  private static final double SLACK = 1.001;
  private static final double SUBNORMAL = 0x1p-149;

  /**
   * For inner products; {@code depth} is the most roundings a term passes, {@code queryNorm} the
   * query's norm.
   */
  public static ErrorBound dot(int depth, int dimension, double queryNorm) {
    double g = gamma(depth);
    double underflow = dimension * SUBNORMAL;
    double perNorm = SLACK * g * queryNorm / Math.sqrt(1 - g);
    return new ErrorBound(SLACK * (underflow + perNorm * Math.sqrt(underflow)), 0, perNorm);
  }

  /** For inner products of a query of norm 1 with a row, times the row's reciprocal norm. */
  public static ErrorBound cosine(int depth, int dimension) {
    double underflow = dimension * SUBNORMAL * MAX_INVERSE_NORM;
    return new ErrorBound(SLACK * (gamma(depth + 4) + underflow), 0, 0);
  }

  /** For squared Euclidean distances. */
  public static ErrorBound squaredDistance(int depth, int dimension) {
    double g = gamma(depth + 3);
    return new ErrorBound(2 * SLACK * dimension * SUBNORMAL, SLACK * g / (1 - g), 0);
  }

  /**
   * The same bound when a canonical double (a sparse inner product) is added to the result in
   * double.
   */
  public ErrorBound plusDouble() {
    return new ErrorBound(absolute, relative + 0x1p-50, perNorm);
  }

  /** The bound for one result. */
  public double of(double result, double norm) {
    return absolute + relative * Math.abs(result) + (perNorm == 0 ? 0 : perNorm * Math.sqrt(norm));
  }

  private static double gamma(int depth) {
    return depth * UNIT / (1 - depth * UNIT);
  }
}
