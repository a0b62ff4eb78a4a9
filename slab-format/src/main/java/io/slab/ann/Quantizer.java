package io.slab.ann;

/** What the codes of an index are (spec/ann.md, "Quantizers"). */
public enum Quantizer {
  /** One sign bit a dimension: four dimensions make a nibble. Fine codes add two bits. */
  SIGN(1, 4, 2, 1.172f),
  /** One of 16 trained points per two dimensions. Fine codes add one bit a dimension. */
  PQ(2, 2, 1, 1);

  private final int code;
  private final int dimensionsPerGroup;
  private final int digitBits;
  private final float length;

  Quantizer(int code, int dimensionsPerGroup, int digitBits, float length) {
    this.code = code;
    this.dimensionsPerGroup = dimensionsPerGroup;
    this.digitBits = digitBits;
    this.length = length;
  }

  /** The number in files. */
  public int code() {
    return code;
  }

  /** Nibbles of a code of {@code padded} dimensions, a multiple of four. */
  public int groups(int padded) {
    return padded / dimensionsPerGroup;
  }

  /** Bits that a fine code has for each dimension. */
  int digitBits() {
    return digitBits;
  }

  /** Bytes of the digits of a fine code. */
  int digitBytes(int padded) {
    return padded * digitBits / 8;
  }

  /**
   * What stands for one in the direction of a code, where the residual's numbers have a mean square
   * of one. Numbers of a normal distribution lie best in eight equal steps of 0.586 (Max 1960),
   * which is a sign and four steps around it.
   */
  float length() {
    return length;
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
