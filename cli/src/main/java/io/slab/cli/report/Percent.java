package io.slab.cli.report;

/** Shares for people. */
public final class Percent {
  private Percent() {}

  /** One decimal; {@code <0.1%} for what would look like nothing, and never 100 for less. */
  public static String of(double share) {
    if (share > 0 && share < 0.0005) {
      return "<0.1%";
    }
    long tenths = Math.round(share * 1000);
    if (tenths >= 1000 && share < 1) {
      tenths = 999;
    }
    return tenths / 10 + "." + tenths % 10 + "%";
  }
}
