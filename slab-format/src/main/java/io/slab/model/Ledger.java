package io.slab.model;

/**
 * A ledger of content: four sums modulo 2^64 over a set of rows, in any order (spec/slab-file.md,
 * "The ledger"). Ledgers of sets of rows add up to that of their union, and that of rows which went
 * away is taken off. {@code LedgerSum} computes one.
 *
 * @param lane0 the first sum
 * @param lane1 the second one
 * @param lane2 the third one
 * @param lane3 the fourth one
 */
public record Ledger(long lane0, long lane1, long lane2, long lane3) {
  /** Of no row. */
  public static final Ledger EMPTY = new Ledger(0, 0, 0, 0);

  private static final int DIGITS = 16;

  /** Of these rows and those of another set. */
  public Ledger plus(Ledger other) {
    return new Ledger(
        lane0 + other.lane0, lane1 + other.lane1, lane2 + other.lane2, lane3 + other.lane3);
  }

  /** Of these rows without some of them. */
  public Ledger minus(Ledger part) {
    return new Ledger(
        lane0 - part.lane0, lane1 - part.lane1, lane2 - part.lane2, lane3 - part.lane3);
  }

  /**
   * Reads what {@link #toString} writes.
   *
   * @throws IllegalArgumentException when it is anything else
   */
  public static Ledger parse(String text) {
    if (text.length() != 4 * DIGITS) {
      throw new IllegalArgumentException("a ledger of " + text.length() + " characters");
    }
    for (int i = 0; i < text.length(); i++) {
      if ("0123456789abcdef".indexOf(text.charAt(i)) < 0) {
        throw new IllegalArgumentException("a ledger with another character than 0-9 and a-f");
      }
    }
    return new Ledger(lane(text, 0), lane(text, 1), lane(text, 2), lane(text, 3));
  }

  private static long lane(String text, int lane) {
    return Long.parseUnsignedLong(text, lane * DIGITS, (lane + 1) * DIGITS, 16);
  }

  /** 64 hexadecimal digits in lower case: 16 of each lane, the highest first. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(4 * DIGITS);
    for (long lane : new long[] {lane0, lane1, lane2, lane3}) {
      String digits = Long.toHexString(lane);
      text.repeat("0", DIGITS - digits.length()).append(digits);
    }
    return text.toString();
  }
}
