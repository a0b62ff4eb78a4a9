package io.slab.search;

import io.slab.ann.NearestKeys;
import io.slab.format.section.SparsePostings;
import java.util.List;

/**
 * One thread's search for the nearest rows of one query through inverted indexes, window by window.
 * In a window the dimensions that can add most come first. As soon as those still to come cannot
 * lift a row without any of the first over the floor, and few rows remain that they could, these
 * rows are scored canonically and the other postings stay unread.
 */
final class SparseScan {
  /** Scoring one row canonically costs about as much as adding this many postings. */
  static final int ROW_COST = 300;

  /** Windows with fewer postings than one for so many rows are not worth a walk over all rows. */
  private static final int SPARSE_WINDOW = 16;

  private final WindowSums sums = new WindowSums();
  private final NearestKeys best = new NearestKeys();
  private SparsePostings[] postings = new SparsePostings[0];
  private double[] weights = new double[0];
  private int[] listed = new int[0];
  private double[] rest = new double[1];
  private int count;

  private Candidates candidates;
  private PartPlan plan;
  private int source;
  private int first;
  private int rows;
  private double margin;
  private double cutoff;
  private long read;

  /** Postings read by the last {@link #scan}. */
  long read() {
    return read;
  }

  /**
   * Finds the rows of a window that may be wanted.
   *
   * @return rows looked at: those of the window, or 0 when it was left out
   */
  int scan(SparseOrder order, int window, PartPlan part, int sourceIndex, Candidates query) {
    candidates = query;
    plan = part;
    source = sourceIndex;
    SparseLookup lookup = order.lookup();
    margin = lookup.margin();
    first = window * lookup.windowRows();
    rows = Math.min(lookup.windowRows(), lookup.rows() - first);
    read = 0;
    raiseCutoff();
    if (order.bound(window) < cutoff || !anyMatches()) {
      return 0;
    }
    long size = gather(order, window);
    if (size * SPARSE_WINDOW < rows) {
      scanFew(lookup.windowRows());
    } else {
      scanMany(lookup.windowRows(), size);
    }
    query.tighten();
    return rows;
  }

  private boolean anyMatches() {
    return plan.selected() == null || plan.selected().intersects(first, first + (long) rows);
  }

  /** Finds the dimensions that the window has; returns their postings. */
  private long gather(SparseOrder order, int window) {
    SparseLookup lookup = order.lookup();
    if (postings.length < lookup.terms()) {
      postings = new SparsePostings[lookup.terms()];
      weights = new double[lookup.terms()];
      listed = new int[lookup.terms()];
      rest = new double[lookup.terms() + 1];
    }
    count = 0;
    long size = 0;
    for (int place = 0; place < lookup.terms(); place++) {
      int t = order.term(place);
      int i = lookup.term(t).indexOf(window);
      if (i >= 0) {
        postings[count] = lookup.term(t);
        weights[count] = lookup.weight(t);
        rest[count] = lookup.gain(t, i);
        listed[count++] = i;
        size += lookup.term(t).count(i);
      }
    }
    rest[count] = 0;
    for (int c = count - 1; c >= 0; c--) {
      rest[c] += rest[c + 1];
    }
    return size;
  }

  private void add(int c) {
    sums.add(postings[c], listed[c], weights[c]);
    read += postings[c].count(listed[c]);
  }

  /** Looks at the rows of the postings only. */
  private void scanFew(int windowRows) {
    sums.reset(windowRows);
    for (int c = 0; c < count; c++) {
      add(c);
    }
    for (int c = 0; c < count; c++) {
      sums.loadPlaces(postings[c], listed[c]);
      int end = postings[c].count(listed[c]);
      for (int p = 0; p < end; p++) {
        int place = sums.place(p);
        take(place, sums.get(place));
        sums.clear(place);
      }
    }
    sums.markClear();
  }

  private void scanMany(int windowRows, long size) {
    sums.reset(windowRows);
    long unread = size;
    long nextWalk = 0;
    for (int c = 0; c < count; c++) {
      if (rest[c] < cutoff && unread > rows && read >= nextWalk) {
        int limit = (int) Math.min(rows, unread / ROW_COST);
        if (sums.count(cutoff - rest[c], rows, limit) <= limit) {
          rescore(rest[c]);
          return;
        }
        nextWalk = read + rows;
      }
      add(c);
      unread -= postings[c].count(listed[c]);
    }
    raiseFloor();
    double least = cutoff;
    for (int place = sums.next(0, rows, least); place < rows; ) {
      take(place, sums.get(place));
      least = cutoff;
      place = sums.next(place + 1, rows, least);
    }
  }

  /**
   * While no floor is known, the k-th best of the window's own rows is one: else all rows of the
   * first window would be candidates. Rows below zero or about zero may be no matches, and give
   * none.
   */
  private void raiseFloor() {
    if (candidates.floor() != Float.NEGATIVE_INFINITY) {
      return;
    }
    best.start(candidates.target().topK());
    double least = cutoff;
    for (int place = sums.next(0, rows, least); place < rows; ) {
      if (takesPart(place)) {
        best.add(-low(sums.get(place)));
        // Only what is better than the k-th.
        least = best.threshold() < 0 ? margin - best.threshold() : least;
      }
      place = sums.next(place + 1, rows, least);
    }
    if (best.threshold() < 0) {
      candidates.target().threshold().raise(-best.threshold());
      raiseCutoff();
    }
  }

  private float low(double sum) {
    return (float) (sum - margin);
  }

  /** Scores the rows that may still come over the floor. */
  private void rescore(double gain) {
    if (plan.rows().view().isRemote()) {
      fetchAhead(gain);
    }
    for (int place = 0; place < rows; place++) {
      double sum = sums.get(place);
      if (sum >= cutoff - gain && WindowSums.isTouched(sum) && takesPart(place)) {
        candidates.exact(source, first + place);
        raiseCutoff();
      }
    }
  }

  private void fetchAhead(double gain) {
    RemoteRows remote = new RemoteRows(List.of(plan.rows()));
    for (int place = 0; place < rows; place++) {
      double sum = sums.get(place);
      if (sum >= cutoff - gain && WindowSums.isTouched(sum) && takesPart(place)) {
        remote.addScored(0, first + place);
      }
    }
    remote.run();
  }

  private void take(int place, double sum) {
    if (sum < cutoff || !WindowSums.isTouched(sum) || !takesPart(place)) {
      return;
    }
    float low = low(sum);
    float high = (float) (sum + margin);
    boolean rose =
        low <= 0 && high >= 0
            // Zero or not decides whether the row is a match at all.
            ? candidates.exact(source, first + place)
            : candidates.between(source, first + place, low, high);
    if (rose) {
      raiseCutoff();
    }
  }

  private boolean takesPart(int place) {
    if (plan.selected() != null) {
      return plan.selected().contains(first + place);
    }
    return plan.dead() == null || !plan.dead().contains(first + place);
  }

  /** Sums below the cutoff belong to scores that round to a float below the floor. */
  private void raiseCutoff() {
    cutoff = Math.nextDown(candidates.floor()) - margin;
  }
}
