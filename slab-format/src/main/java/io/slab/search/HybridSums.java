package io.slab.search;

/**
 * The canonical sparse parts of one query's scores, for rows asked for in ascending order: a
 * window's postings are added up when its first row is asked for. One thread at a time.
 */
final class HybridSums {
  private final WindowSums sums = new WindowSums();
  private SparseLookup lookup;
  private int source = -1;
  private int from;
  private int to;

  /** Turns to a source; what was added up for the same one stays. */
  void begin(int newSource, SparseLookup newLookup) {
    if (newSource != source) {
      source = newSource;
      lookup = newLookup;
      from = 0;
      to = 0;
    }
  }

  /** The sum of a row; 0 when it shares nothing with the query. */
  double of(int row) {
    if (row < from || row >= to) {
      load(row / lookup.windowRows());
    }
    return sums.get(row - from);
  }

  private void load(int window) {
    sums.reset(lookup.windowRows());
    sums.addAll(lookup, window);
    from = window * lookup.windowRows();
    // May pass the last int of rows; no row asked for lies there.
    to = (int) Math.min(Integer.MAX_VALUE, from + (long) lookup.windowRows());
  }
}
