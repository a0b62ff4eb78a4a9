package io.slab.search;

import io.slab.vector.ErrorBound;
import java.util.Arrays;
import java.util.List;

/**
 * The rows that may still be among the k nearest of one query, as one thread sees them. Each has an
 * interval in which its canonical key lies; a row leaves when k others are certainly nearer. When
 * the buffer is full of rows that the intervals cannot tell apart, they are scored canonically and
 * only the k best stay, so memory is bounded by {@link #capacity} for any data. One thread at a
 * time.
 *
 * <p>Intervals are kept as floats: rounding to float is monotonic, so the canonical key, itself a
 * rounded double, lies between the rounded ends.
 */
final class Candidates {
  private static final int SPARE = 256;

  private final PreparedQuery target;
  private final List<Rows> sources;
  private final float[] buffer;
  private final long[] rescored;
  private final int k;
  private final int capacity;
  private long[] refs;
  private float[] low;
  private float[] high;
  private int size;
  private int sizeAfterCompaction;
  private float floor = Float.NEGATIVE_INFINITY;

  /**
   * @param buffer one row, shared by the candidates of one thread
   * @param rescored counts canonical scores per source, shared likewise
   */
  Candidates(PreparedQuery target, List<Rows> sources, float[] buffer, long[] rescored) {
    this.target = target;
    this.sources = sources;
    this.buffer = buffer;
    this.rescored = rescored;
    this.k = target.topK();
    this.capacity = 2 * k + SPARE;
    int initial = Math.min(capacity, 2 * SPARE);
    refs = new long[initial];
    low = new float[initial];
    high = new float[initial];
  }

  PreparedQuery target() {
    return target;
  }

  /** The most candidates held at once. */
  int capacity() {
    return capacity;
  }

  int size() {
    return size;
  }

  /** The key below which no row is wanted any more; takes in what other threads found. */
  float floor() {
    floor = Math.max(floor, target.threshold().get());
    return floor;
  }

  /**
   * A kernel result below which a row is certainly not wanted; finite results only.
   *
   * @param maxNorm no smaller than the squared norm of any row it is used for
   */
  float cutoff(ErrorBound bound, float maxNorm) {
    double margin =
        bound.absolute() + (bound.perNorm() == 0 ? 0 : bound.perNorm() * Math.sqrt(maxNorm));
    // Strictly below the floor even after rounding to float, hence the next float down.
    double limit = Math.nextDown(floor()) - margin;
    return (float) (limit < 0 ? limit / (1 - bound.relative()) : limit / (1 + bound.relative()));
  }

  /** Takes in a finite kernel result; true when the floor may have risen. */
  boolean approximate(int source, int row, double result, float norm, ErrorBound bound) {
    double error = bound.of(result, norm);
    // Adding 0.0 turns -0.0 into 0.0, as in keys.
    return add(source, row, (float) (result - error) + 0.0f, (float) (result + error) + 0.0f);
  }

  /** Takes in bounds of a key; true when the floor may have risen. */
  boolean between(int source, int row, float from, float to) {
    return add(source, row, from, to);
  }

  /**
   * Takes in a canonical score; true when the floor may have risen. A score that is no finite
   * number comes of a vector that no writer lets in any more: it is no match.
   */
  boolean exact(int source, int row, double canonical) {
    rescored[source]++;
    if (!Double.isFinite(canonical)) {
      return false;
    }
    float key = target.key(canonical);
    return target.admits(key) && add(source, row, key, key);
  }

  /** Takes in a canonical score that the caller computed and counted. */
  void scored(int source, int row, float score) {
    if (!Float.isFinite(score)) {
      // Beyond the range of floats, or none at all.
      exact(source, row);
      return;
    }
    float key = target.key(score);
    if (target.admits(key)) {
      add(source, row, key, key);
    }
  }

  /** Scores a row canonically and takes it in. */
  boolean exact(int source, int row) {
    return exact(source, row, sources.get(source).canonical(target, row, buffer));
  }

  private boolean add(int source, int row, float from, float to) {
    if (to < floor) {
      return false;
    }
    if (size == refs.length) {
      grow();
    }
    refs[size] = ref(source, row);
    low[size] = from;
    high[size++] = to;
    if (size < capacity) {
      return false;
    }
    compact();
    return true;
  }

  private void grow() {
    int length = Math.min(capacity, 2 * refs.length);
    refs = Arrays.copyOf(refs, length);
    low = Arrays.copyOf(low, length);
    high = Arrays.copyOf(high, length);
  }

  /** Makes room for at least half of what is not taken up by the k best. */
  private void compact() {
    raiseFloor();
    dropBelowFloor();
    if (size > k + (capacity - k) / 2) {
      settle();
    }
    sizeAfterCompaction = size;
  }

  /**
   * Raises the floor when enough came in since it last rose; for scans that gain much by a high
   * floor.
   */
  void tighten() {
    if (size >= k && size - sizeAfterCompaction > k / 8) {
      compact();
    }
  }

  /**
   * Scores canonically the rows that are not scored yet, and keeps the k best: afterwards every
   * interval is one key.
   */
  void settle() {
    raiseFloor();
    dropBelowFloor();
    fetchAhead();
    for (int i = 0; i < size; i++) {
      if (low[i] != high[i]) {
        int source = source(refs[i]);
        rescored[source]++;
        double score = sources.get(source).canonical(target, row(refs[i]), buffer);
        float key = Double.isFinite(score) ? target.key(score) : Float.NaN;
        low[i] = key;
        high[i] = key;
      }
    }
    // Those without a key go before keys are compared.
    dropBelowFloor();
    raiseFloor();
    dropBelowFloor();
    if (size > k) {
      keepBest();
    }
  }

  /** Fetches at once the rows of remote slabs that are going to be scored. */
  private void fetchAhead() {
    RemoteRows remote = new RemoteRows(sources);
    for (int i = 0; i < size; i++) {
      if (low[i] != high[i]) {
        remote.addScored(source(refs[i]), row(refs[i]));
      }
    }
    remote.run();
  }

  private void raiseFloor() {
    if (size >= k) {
      floor = Math.max(floor, Selection.kthLargest(low, size, k));
      target.threshold().raise(floor);
    }
    floor();
  }

  private void dropBelowFloor() {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (high[i] >= floor) {
        move(i, kept++);
      }
    }
    size = kept;
  }

  private void move(int from, int to) {
    refs[to] = refs[from];
    low[to] = low[from];
    high[to] = high[from];
  }

  /**
   * With all keys exact and none below the floor: all above the k-th key stay, and of those equal
   * to it the first ids. The ranks of the rows of one source tell their ids apart, so ids are only
   * read where sources meet.
   */
  private void keepBest() {
    float last = Selection.kthLargest(low, size, k);
    long[] ties = new long[size];
    int tied = 0;
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (low[i] > last) {
        move(i, kept++);
      } else if (low[i] == last) {
        ties[tied++] = refs[i];
      }
    }
    for (long ref : TieBreak.firstIds(Arrays.copyOf(ties, tied), k - kept, sources)) {
      refs[kept] = ref;
      low[kept] = last;
      high[kept++] = last;
    }
    size = kept;
  }

  /** Takes in all of another thread's candidates; both must be settled. */
  void merge(Candidates other) {
    for (int i = 0; i < other.size; i++) {
      add(source(other.refs[i]), row(other.refs[i]), other.low[i], other.high[i]);
    }
  }

  /** The settled candidates, nearest first, ties by id. */
  List<Hit> ranked() {
    RemoteRows remote = new RemoteRows(sources);
    for (int i = 0; i < size; i++) {
      remote.add(source(refs[i]), row(refs[i]), false, false);
    }
    remote.run();
    Hit[] hits = new Hit[size];
    for (int i = 0; i < size; i++) {
      Rows rows = sources.get(source(refs[i]));
      hits[i] = new Hit(source(refs[i]), row(refs[i]), low[i], rows.id(row(refs[i])));
    }
    Arrays.sort(hits, Hit.ORDER);
    return List.of(hits);
  }

  static long ref(int source, int row) {
    return (long) source << 32 | row;
  }

  static int source(long ref) {
    return (int) (ref >>> 32);
  }

  static int row(long ref) {
    return (int) ref;
  }
}
