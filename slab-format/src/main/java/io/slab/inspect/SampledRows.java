package io.slab.inspect;

/**
 * Rows at equal distances: the same rows of a slab at every time, spread over all ids.
 *
 * @param count looked at
 * @param of all rows
 */
public record SampledRows(int count, int of) {
  public SampledRows {
    if (count < 0 || count > of) {
      throw new IllegalArgumentException(count + " of " + of + " rows");
    }
  }

  /**
   * A sample.
   *
   * @param most rows to look at, 0 for all
   */
  public static SampledRows of(int rows, int most) {
    return new SampledRows(most <= 0 ? rows : Math.min(rows, most), rows);
  }

  /** The row at a position of the sample, ascending. */
  public int row(int position) {
    return (int) ((long) position * of / count);
  }

  public boolean isAll() {
    return count == of;
  }
}
