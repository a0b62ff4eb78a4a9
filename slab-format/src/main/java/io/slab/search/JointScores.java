package io.slab.search;

import io.slab.ann.BoundOrder;
import io.slab.ann.IndexKey;
import io.slab.ann.NearestKeys;
import io.slab.ann.Survivors;
import java.util.Arrays;

/**
 * The rows of several slabs that codes could not exclude, and their scores: rows are scored in the
 * order of their bounds, until no bound is left below the k-th best key. One thread only.
 */
final class JointScores {
  /** Rows that are scored before the k-th best key is looked at again. */
  private static final int AT_ONCE = 4;

  private final JointSearch search;
  private final PreparedQuery target;

  /** The rows that the codes of all slabs together leave, slab by slab. */
  private final int[] places;

  private final int[] rows;
  private final float[] keys;
  private final float[] scores;
  private final long[] order;
  private final float[] bounds;
  private final NearestKeys nearest = new NearestKeys();
  private int[] taken = new int[64];
  private int takenCount;

  JointScores(JointSearch search, PreparedQuery target, Survivors[] found, float threshold) {
    this.search = search;
    this.target = target;
    int most = 0;
    for (Survivors slab : found) {
      most += slab.size();
    }
    places = new int[most];
    rows = new int[most];
    keys = new float[most];
    bounds = new float[most];
    scores = new float[most];
    int size = 0;
    for (int place = 0; place < found.length; place++) {
      Survivors slab = found[place];
      for (int i = 0; i < slab.size(); i++) {
        if (!(slab.bound(i) > threshold)) {
          places[size] = place;
          rows[size] = slab.row(i);
          bounds[size] = slab.bound(i);
          keys[size++] = slab.key(i);
        }
      }
    }
    order = new long[size];
    for (int i = 0; i < size; i++) {
      order[i] = BoundOrder.entry(bounds[i], i);
    }
    Arrays.sort(order);
  }

  /** Scores what may be among the nearest. */
  void run(Workspace work, ThreadStats own) {
    run(work, own, null);
  }

  /**
   * The same where rows may be missing: what codes say of these stands for their scores.
   *
   * @param missing told of them; null when all rows are to be read
   */
  void run(Workspace work, ThreadStats own, RemoteRows missing) {
    nearest.start(search.limit(target));
    takenCount = 0;
    for (int next = 0; next < order.length; ) {
      int from = takenCount;
      int end = Math.max(search.limit(target), from + AT_ONCE);
      while (next < order.length && takenCount < end && isWanted(order[next])) {
        take(BoundOrder.place(order[next++]));
      }
      if (takenCount == from) {
        return;
      }
      // Slab by slab.
      Arrays.sort(taken, from, takenCount);
      score(from, work, own, missing);
    }
  }

  private boolean isWanted(long entry) {
    return !(bounds[BoundOrder.place(entry)] > nearest.threshold());
  }

  private void take(int i) {
    if (takenCount == taken.length) {
      taken = Arrays.copyOf(taken, 2 * takenCount);
    }
    taken[takenCount++] = i;
  }

  private void score(int from, Workspace work, ThreadStats own, RemoteRows missing) {
    for (int first = from; first < takenCount; ) {
      int place = places[taken[first]];
      int end = first + 1;
      while (end < takenCount && places[taken[end]] == place) {
        end++;
      }
      score(place, first, end, work, own, missing);
      first = end;
    }
  }

  /** Scores the taken rows of one slab. */
  private void score(
      int place, int from, int end, Workspace work, ThreadStats own, RemoteRows missing) {
    int[] wanted = new int[end - from];
    int[] at = new int[end - from];
    int count = 0;
    for (int next = from; next < end; next++) {
      int i = taken[next];
      if (missing != null && missing.isMissing(search.source(place), rows[i])) {
        nearest.add(keys[i]);
      } else {
        wanted[count] = rows[i];
        at[count++] = i;
      }
    }
    long start = System.nanoTime();
    float[] found = new float[count];
    search.searcher(place, work).scores(target.vector(), wanted, count, found);
    for (int i = 0; i < count; i++) {
      scores[at[i]] = found[i];
      keys[at[i]] = IndexKey.of(target.metric(), found[i]);
      nearest.add(keys[at[i]]);
    }
    own.rescored[search.source(place)] += count;
    own.nanos[search.source(place)] += System.nanoTime() - start;
  }

  /** Hands on the rows that were scored, but for those that are farther than the k-th best. */
  void into(Candidates candidates) {
    for (int i = 0; i < takenCount; i++) {
      int row = taken[i];
      if (!(keys[row] > nearest.threshold())) {
        candidates.scored(search.source(places[row]), rows[row], scores[row]);
      }
    }
  }

  /** Notes what matches carry of the rows that seem to be the answer, and of some more. */
  void nearest(RemoteRows ahead, boolean metadata) {
    int left = 2 * search.limit(target);
    for (int i = 0; i < takenCount && left > 0; i++) {
      int row = taken[i];
      if (!(keys[row] > nearest.threshold())) {
        ahead.add(search.source(places[row]), rows[row], false, metadata);
        left--;
      }
    }
  }
}
