package io.slab.cli.report.page;

import java.util.ArrayList;
import java.util.List;

/** Round numbers for the ticks of an axis. */
final class Axis {
  private Axis() {}

  /**
   * The smallest of 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten that is not below a
   * number above 0.
   */
  static double ceiling(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(value)));
    for (double step : new double[] {1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10}) {
      if (step * power >= value * (1 - 1e-9)) {
        return step * power;
      }
    }
    return 10 * power;
  }

  /** Whole and half powers of ten, 1-2-5, inside of a range on a logarithmic axis. */
  static List<Double> decades(double from, double to) {
    List<Double> ticks = new ArrayList<>();
    for (double power = Math.pow(10, Math.floor(Math.log10(from))); power <= to; power *= 10) {
      for (double step : new double[] {1, 2, 5}) {
        if (step * power >= from * (1 - 1e-9) && step * power <= to * (1 + 1e-9)) {
          ticks.add(step * power);
        }
      }
    }
    return ticks;
  }
}
