package io.slab.model;

import java.util.Locale;

/** Which parts a record of an index has; fixed for the life of an index. */
public enum VectorType {
  /** Every record has dense values. */
  DENSE(1),
  /**
   * Every record has sparse values and none has dense ones; the metric is dotproduct and there is
   * no dimension.
   */
  SPARSE(2),
  /** Every record has dense values and may have sparse ones; the metric is dotproduct. */
  HYBRID(3);

  private final int code;

  VectorType(int code) {
    this.code = code;
  }

  /** The number that stands for this type in binary structures. */
  public int code() {
    return code;
  }

  public boolean hasDense() {
    return this != SPARSE;
  }

  public boolean hasSparse() {
    return this != DENSE;
  }

  /** The lower-case name used in JSON and on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds a type by {@link #label()}; throws {@link IllegalArgumentException} for any other text.
   */
  public static VectorType ofLabel(String label) {
    for (VectorType type : values()) {
      if (type.label().equals(label)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "unknown vector type '" + label + "': expected dense, sparse or hybrid");
  }
}
