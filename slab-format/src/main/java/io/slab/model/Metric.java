package io.slab.model;

import java.util.Locale;

/** How two vectors are compared; fixed for the life of an index (spec/semantics.md, "Scores"). */
public enum Metric {
  /** Cosine similarity in [-1, 1]; larger is nearer. */
  COSINE(1, true),
  /** Squared Euclidean distance, at least 0; smaller is nearer. */
  EUCLIDEAN(2, false),
  /** Inner product, dense plus sparse; larger is nearer. */
  DOTPRODUCT(3, true);

  private final int code;
  private final boolean largerIsNearer;

  Metric(int code, boolean largerIsNearer) {
    this.code = code;
    this.largerIsNearer = largerIsNearer;
  }

  /** The number that stands for this metric in binary structures. */
  public int code() {
    return code;
  }

  /** True when a larger score means a nearer record. */
  public boolean largerIsNearer() {
    return largerIsNearer;
  }

  /** The lower-case name used in JSON and on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds a metric by {@link #label()}; throws {@link IllegalArgumentException} for any other text.
   */
  public static Metric ofLabel(String label) {
    for (Metric metric : values()) {
      if (metric.label().equals(label)) {
        return metric;
      }
    }
    throw new IllegalArgumentException(
        "unknown metric '" + label + "': expected cosine, euclidean or dotproduct");
  }
}
