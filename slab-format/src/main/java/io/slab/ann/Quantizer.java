package io.slab.ann;

/** What the codes of an index are (spec/ann.md, "Quantizers"). */
public enum Quantizer {
  /** One sign bit a dimension: four dimensions make a nibble. */
  SIGN(1, 4),
  /** One of 16 trained points per two dimensions. */
  PQ(2, 2);

  private final int code;
  private final int dimensionsPerGroup;

  Quantizer(int code, int dimensionsPerGroup) {
    this.code = code;
    this.dimensionsPerGroup = dimensionsPerGroup;
  }

  /** The number in files. */
  public int code() {
    return code;
  }

  /** Nibbles of a code of {@code padded} dimensions, a multiple of four. */
  public int groups(int padded) {
    return padded / dimensionsPerGroup;
  }

  /** The quantizer of a code, or null when this version does not know it. */
  public static Quantizer ofCode(int code) {
    for (Quantizer quantizer : values()) {
      if (quantizer.code == code) {
        return quantizer;
      }
    }
    return null;
  }
}
