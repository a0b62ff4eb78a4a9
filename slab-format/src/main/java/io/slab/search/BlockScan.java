package io.slab.search;

import io.slab.bytes.Segments;
import io.slab.format.section.DenseRows;
import io.slab.model.Metric;
import io.slab.vector.DenseKernel;
import io.slab.vector.ErrorBound;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * One thread's scan over stretches of slabs, block by block, for all queries of a batch: the
 * checksums of a block are verified, its keys computed and its near rows collected while it is in
 * cache.
 */
final class BlockScan {
  private final List<QueryTile> tiles;
  private final List<Candidates> candidates;
  private final Workspace work;
  private final Metric metric;
  private final boolean anySparse;
  private final HybridSums[] hybrid;

  private int source;
  private DenseRows dense;

  /** Of the slab that is scanned; null for records in memory, of which each takes part. */
  private PartPlan plan;

  private int first;
  private int count;
  private boolean isMasked;
  private float maxNorm;

  BlockScan(List<QueryTile> tiles, List<Candidates> candidates, Workspace work) {
    this.tiles = tiles;
    this.candidates = candidates;
    this.work = work;
    this.metric = candidates.getFirst().target().metric();
    this.anySparse = candidates.stream().anyMatch(c -> c.target().sparse() != null);
    this.hybrid = new HybridSums[candidates.size()];
  }

  /** Scans rows {@code from .. to}; returns how many rows were scored. */
  long scan(int sourceIndex, PartPlan partPlan, int from, int to) {
    plan = partPlan;
    return scan(sourceIndex, partPlan.rows().view().dense(), partPlan.selected(), from, to);
  }

  /** Scans records in memory, for queries without sparse values. */
  long scan(int sourceIndex, RecordBlocks records, int from, int to) {
    plan = null;
    return scan(sourceIndex, records, null, from, to);
  }

  private long scan(
      int sourceIndex, DenseRows rows, ImmutableRoaringBitmap choice, int from, int to) {
    source = sourceIndex;
    dense = rows;
    PeekableIntIterator selected = choice == null ? null : choice.getIntIterator();
    int step = Workspace.blockRows(rows.dimension());
    long scored = 0;
    for (first = from; first < to; first += count) {
      count = Math.min(step, to - first);
      isMasked = selected != null;
      if (isMasked && !fillMask(selected)) {
        continue;
      }
      scored += count;
      scanBlock();
    }
    return scored;
  }

  /** Marks the selected rows of the block; false when there are none. */
  private boolean fillMask(PeekableIntIterator selected) {
    Arrays.fill(work.mask, 0);
    selected.advanceIfNeeded(first);
    boolean any = false;
    while (selected.hasNext() && selected.peekNext() < first + count) {
      int i = selected.next() - first;
      work.mask[i >> 6] |= 1L << i;
      any = true;
    }
    return any;
  }

  private boolean takesPart(int i) {
    if (isMasked) {
      return (work.mask[i >> 6] >>> i & 1) != 0;
    }
    return plan == null || plan.dead() == null || !plan.dead().contains(first + i);
  }

  private void scanBlock() {
    work.kernel.load(dense.slice(first, count), count, dense.dimension());
    if (metric == Metric.COSINE) {
      readInverseNorms();
    }
    if (anySparse && plan.sparse() == null) {
      readSparse();
    }
    maxNorm = 0;
    int next = 0;
    boolean haveNorms = false;
    for (QueryTile tile : tiles) {
      scoreTile(tile, haveNorms);
      haveNorms = true;
      for (int lane = 0; lane < tile.count(); lane++) {
        collect(tile.first() + lane, lane, work.kernel.tileQueries(), true);
      }
      next = tile.first() + tile.count();
    }
    for (; next < candidates.size(); next++) {
      Candidates query = candidates.get(next);
      scoreSingle(query.target().kernelVector(), haveNorms);
      haveNorms = true;
      collect(next, 0, 1, false);
    }
  }

  /**
   * Reciprocal norms outside what {@link ErrorBound#cosine} covers become NaN, and so do the keys
   * of their rows.
   */
  private void readInverseNorms() {
    MemorySegment stored = dense.inverseNorms(first, count);
    float[] inverse = work.inverseNorms;
    if (stored == null) {
      Arrays.fill(inverse, 0, count, Float.NaN);
      return;
    }
    Segments.copyFloats(stored, 0, inverse, 0, count);
    for (int i = 0; i < count; i++) {
      boolean covered =
          inverse[i] >= ErrorBound.MIN_INVERSE_NORM && inverse[i] <= ErrorBound.MAX_INVERSE_NORM;
      inverse[i] = covered ? inverse[i] : Float.NaN;
    }
  }

  private void readSparse() {
    for (int i = 0; i < count; i++) {
      work.sparse[i] = takesPart(i) ? plan.rows().view().sparse(first + i) : null;
    }
  }

  private void scoreTile(QueryTile tile, boolean haveNorms) {
    DenseKernel kernel = work.kernel;
    int lanes = kernel.tileQueries();
    float[] keys = work.keys;
    switch (metric) {
      case EUCLIDEAN -> {
        kernel.squaredDistanceTile(tile.values(), keys);
        negate(keys, count * lanes);
      }
      case COSINE -> {
        kernel.dotTile(tile.values(), keys);
        for (int i = 0; i < count; i++) {
          float inverse = work.inverseNorms[i];
          for (int at = i * lanes; at < (i + 1) * lanes; at++) {
            keys[at] *= inverse;
          }
        }
      }
      case DOTPRODUCT -> {
        kernel.dotTile(tile.values(), keys);
        if (!haveNorms) {
          kernel.squaredNorms(work.norms);
          findMaxNorm();
        }
      }
    }
  }

  private void scoreSingle(float[] query, boolean haveNorms) {
    DenseKernel kernel = work.kernel;
    float[] keys = work.keys;
    switch (metric) {
      case EUCLIDEAN -> {
        kernel.squaredDistance(query, keys);
        negate(keys, count);
      }
      case COSINE -> {
        kernel.dot(query, keys);
        for (int i = 0; i < count; i++) {
          keys[i] *= work.inverseNorms[i];
        }
      }
      case DOTPRODUCT -> {
        if (haveNorms) {
          kernel.dot(query, keys);
        } else {
          kernel.dotAndNorms(query, keys, work.norms);
          findMaxNorm();
        }
      }
    }
  }

  private static void negate(float[] keys, int length) {
    for (int i = 0; i < length; i++) {
      keys[i] = -keys[i];
    }
  }

  private void findMaxNorm() {
    float max = 0;
    boolean covers = true;
    for (int i = 0; i < count; i++) {
      float norm = work.norms[i];
      covers &= norm < Float.POSITIVE_INFINITY;
      max = norm > max ? norm : max;
    }
    // A norm that overflowed bounds nothing: no row of this block may be skipped.
    maxNorm = covers ? max : Float.POSITIVE_INFINITY;
  }

  private void collect(int number, int lane, int stride, boolean tile) {
    Candidates query = candidates.get(number);
    ErrorBound bound = query.target().bound(tile);
    if (query.target().sparse() != null) {
      if (plan.sparse() == null) {
        collectHybrid(query, lane, stride, bound);
      } else {
        collectHybrid(number, plan.sparse().get(number), lane, stride, bound);
      }
      return;
    }
    float[] keys = work.keys;
    float cutoff = query.cutoff(bound, maxNorm);
    for (int i = 0, at = lane; i < count; i++, at += stride) {
      float key = keys[at];
      // A key that is not finite says nothing about its row, which must then be looked at.
      if (key < cutoff && key > Float.NEGATIVE_INFINITY || !takesPart(i)) {
        continue;
      }
      if (take(query, i, key, bound)) {
        cutoff = query.cutoff(bound, maxNorm);
      }
    }
  }

  private void collectHybrid(Candidates query, int lane, int stride, ErrorBound bound) {
    for (int i = 0, at = lane; i < count; i++, at += stride) {
      if (takesPart(i)) {
        double key = work.keys[at];
        if (work.sparse[i] != null) {
          key += query.target().sparseDot(work.sparse[i]);
        }
        take(query, i, key, bound);
      }
    }
  }

  /** As above, with the sparse parts of the scores added up from the postings. */
  private void collectHybrid(
      int number, SparseLookup lookup, int lane, int stride, ErrorBound bound) {
    Candidates query = candidates.get(number);
    if (hybrid[number] == null) {
      hybrid[number] = new HybridSums();
    }
    HybridSums sums = hybrid[number];
    sums.begin(source, lookup);
    for (int i = 0, at = lane; i < count; i++, at += stride) {
      if (takesPart(i)) {
        take(query, i, work.keys[at] + sums.of(first + i), bound);
      }
    }
  }

  private boolean take(Candidates query, int i, double key, ErrorBound bound) {
    float norm = metric == Metric.DOTPRODUCT ? work.norms[i] : 0;
    if (Double.isFinite(key) && Float.isFinite(norm)) {
      return query.approximate(source, first + i, key, norm, bound);
    }
    return query.exact(source, first + i);
  }
}
