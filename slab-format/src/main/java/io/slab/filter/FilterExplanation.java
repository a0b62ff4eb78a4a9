package io.slab.filter;

import java.util.List;

/**
 * What one part of a filter matches by itself.
 *
 * @param filter its canonical JSON
 * @param matching rows that match
 * @param rows all rows
 * @param parts the same for the parts of {@code $and} and {@code $or}
 */
public record FilterExplanation(
    String filter, long matching, long rows, List<FilterExplanation> parts) {
  public FilterExplanation {
    parts = List.copyOf(parts);
  }

  /** Share of the rows that match, 0 to 1; 0 when there are no rows. */
  public double selectivity() {
    return rows == 0 ? 0 : (double) matching / rows;
  }
}
