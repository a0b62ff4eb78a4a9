package io.slab.estimate;

import io.slab.format.file.SlabFormat;
import io.slab.inspect.SectionGroup;

/**
 * Requests and bytes of one query, by counting what it has to read: cold, when nothing is known,
 * and warm, when every slab's hot tail, centroids and cells are in the local cache. Immutable and
 * thread-safe.
 *
 * @param slab sizes
 * @param results wanted
 */
public record QueryEstimator(SlabEstimator slab, int results) {
  /** Index description, newest manifest; LIST of manifests, of the log. */
  private static final int STATE_GETS = 2;

  private static final int STATE_LISTS = 2;

  /** Long sections are read in parts of this size, side by side. */
  private static final long PART_BYTES = 8L << 20;

  /**
   * Neighbouring ranges come with one request: of so many rows or lists, one request. With it a
   * cold query of an index of 60,000 rows comes to the 34 requests that RemoteBench counts.
   */
  private static final double COALESCED = 2;

  /** The first query of a process that has no cache. */
  public QueryEstimate cold(IndexEstimate index) {
    long requests = 0;
    long bytes = 0;
    boolean indexed = false;
    for (LevelEstimate level : index.levels()) {
      SlabEstimate each = level.each();
      requests += level.slabs() * (1 + searchRequests(each));
      bytes += level.slabs() * (hotBytes(each) + searchBytes(each));
      indexed |= each.cells() > 0;
    }
    // Ids and metadata of the answers, wherever they are.
    requests += index.slabs() == 0 ? 0 : 2L * Math.min(results, 4 * index.slabs());
    bytes += 2L * results * SlabFormat.CHUNK_BYTES;
    int rounds = 2 + (index.slabs() == 0 ? 0 : indexed ? 5 : 3);
    return new QueryEstimate(rounds, STATE_GETS + STATE_LISTS + requests, STATE_LISTS, bytes);
  }

  /**
   * A query whose ranges are all cached: it only asks whether anything is new, by both listings and
   * the index description.
   */
  public QueryEstimate warm() {
    return new QueryEstimate(1, STATE_LISTS + 1, STATE_LISTS, 0);
  }

  private long hotBytes(SlabEstimate each) {
    long columns = each.bytes(SectionGroup.BITMAPS) / 10;
    return each.bytes(SectionGroup.CONTAINER) + each.bytes(SectionGroup.IDS) / 8 + columns;
  }

  private long searchRequests(SlabEstimate each) {
    if (each.cells() == 0) {
      long scanned = each.bytes(SectionGroup.VECTORS) + each.bytes(SectionGroup.SPARSE);
      return Math.ceilDiv(scanned, PART_BYTES);
    }
    double lists = Math.min(slab.search().cells(), each.cells());
    double rows = slab.search().rescored();
    return 1 + Math.round(Math.ceil(lists / COALESCED) + Math.ceil(rows / COALESCED));
  }

  private long searchBytes(SlabEstimate each) {
    if (each.cells() == 0) {
      return each.bytes(SectionGroup.VECTORS) + each.bytes(SectionGroup.SPARSE);
    }
    double share = Math.min(1, slab.search().cells() / each.cells());
    double rows = Math.min(slab.search().rescored(), each.rows());
    double row = Math.max(SlabFormat.CHUNK_BYTES, 4.0 * slab.rows().dimension());
    return Math.round(
        each.bytes(SectionGroup.ANN) + share * each.bytes(SectionGroup.CODES) + rows * row);
  }
}
