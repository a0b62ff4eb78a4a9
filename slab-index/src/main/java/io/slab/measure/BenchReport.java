package io.slab.measure;

import io.slab.model.Ulid;
import io.slab.search.Match;
import io.slab.search.Strategy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a {@link QueryBench} measured.
 *
 * @param queries measured
 * @param warmup queries that were asked before
 * @param nanos time inside the calls
 * @param cpuNanos CPU time of the whole process meanwhile, the compiler's and the collector's
 *     included
 * @param callerNanos CPU time of the asking thread alone, which with one thread is the time of the
 *     queries
 * @param calls time of each call, ascending
 * @param bytesRead bytes of vectors and index read, over all queries
 * @param requests made to a remote store, over all queries; 0 for a local index
 * @param cellsScanned lists of approximate indexes that were scanned, over all queries
 * @param rowsScored rows scored by scans, over all passes over the slabs
 * @param rowsRescored rows scored canonically, over all queries
 * @param kernel {@code scalar} or {@code vector}
 * @param strategies for each slab how often it was searched how
 * @param answers the first answer to each query by its position; null where it was not asked
 */
public record BenchReport(
    long queries,
    long warmup,
    long nanos,
    long cpuNanos,
    long callerNanos,
    long[] calls,
    long bytesRead,
    long requests,
    long cellsScanned,
    long rowsScored,
    long rowsRescored,
    String kernel,
    Map<Ulid, Map<Strategy, Long>> strategies,
    List<List<Match>> answers) {

  /** Queries per second. */
  public double qps() {
    return queries * 1e9 / nanos;
  }

  /** Nearest-rank percentile of the calls' times, in nanoseconds. */
  public long percentile(double percent) {
    int rank = (int) Math.ceil(percent / 100 * calls.length);
    return calls[Math.clamp(rank - 1, 0, calls.length - 1)];
  }

  /** Mean time of a call, in nanoseconds. */
  public double mean() {
    return Arrays.stream(calls).average().orElse(0);
  }
}
