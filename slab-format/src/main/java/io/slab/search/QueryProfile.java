package io.slab.search;

import io.slab.store.Traffic;
import java.util.List;

/**
 * Where the time of a query went. Queries of a batch that share a filter share one scan of the
 * slabs and this profile.
 *
 * @param kernel {@code scalar} or {@code vector}
 * @param threads threads that took part
 * @param queries queries of this search
 * @param slabs one entry per slab, in the order of the source
 * @param memtableRows records that are in no slab yet
 * @param memtableMatching those that match the filter
 * @param planNanos wall time to evaluate filters
 * @param scanNanos wall time to score, collect and rescore
 * @param mergeNanos wall time to merge the answers of the threads
 * @param fetchNanos wall time to fetch ids, values and metadata
 * @param traffic what this search asked of a remote store, opening its slabs included; null where
 *     all is local
 */
public record QueryProfile(
    String kernel,
    int threads,
    int queries,
    List<SlabProfile> slabs,
    int memtableRows,
    int memtableMatching,
    long planNanos,
    long scanNanos,
    long mergeNanos,
    long fetchNanos,
    Traffic.Counts traffic) {
  public QueryProfile {
    slabs = List.copyOf(slabs);
  }
}
