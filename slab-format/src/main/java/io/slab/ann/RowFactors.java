package io.slab.ann;

import io.slab.model.Metric;

/**
 * What turns the product of a query with the direction of a row's code into the estimate of the
 * row's key, and the error of that (spec/ann.md, "Quantizers"). One thread only.
 */
final class RowFactors {
  private final Metric metric;
  float add;
  float rescale;
  float error;

  RowFactors(Metric metric) {
    this.metric = metric;
  }

  /** The factors of a row that is its centroid, or as far away as floats go. */
  void zero() {
    add = 0;
    rescale = 0;
    error = 0;
  }

  /**
   * @param square of the residual, above zero and finite
   * @param along inner product of residual and centroid
   */
  void of(double square, double along, int padded, RowCode code) {
    double ratio = square / code.residualDot;
    // The bound of RaBitQ: the estimate's deviation is the residual's length times the tangent of
    // the angle between residual and code, spread over the remaining dimensions.
    double tangent =
        Math.sqrt(Math.max(0, square * code.square / (code.residualDot * code.residualDot) - 1));
    double deviation = Math.sqrt(square) * tangent / Math.sqrt(padded - 1);
    if (metric == Metric.DOTPRODUCT) {
      add = (float) (ratio * code.centroidDot - along);
      rescale = (float) -ratio;
      error = (float) deviation;
    } else {
      add = (float) (square + 2 * ratio * code.centroidDot);
      rescale = (float) (-2 * ratio);
      error = (float) (2 * deviation);
    }
  }
}
