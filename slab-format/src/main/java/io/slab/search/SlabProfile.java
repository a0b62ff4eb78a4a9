package io.slab.search;

import io.slab.model.Ulid;
import java.util.List;

/**
 * What a query did in one slab.
 *
 * @param algorithm what the slab is searched by: {@code exact}, or its approximate index where that
 *     was used
 * @param cellsScanned lists of the index that were scanned, summed over the queries of the search
 * @param rows all rows of the slab
 * @param matchingRows live rows that match the filter
 * @param rowsScored rows whose vectors were read by the scan
 * @param rowsRescored rows scored canonically, summed over the queries of the search
 * @param bytesRead bytes of vectors (and reciprocal norms) read by the scan and by rescoring
 * @param filterNanos time to evaluate the filter
 * @param scanNanos time of scoring and collecting, summed over threads
 * @param leftOut what was wrong with derived sections that the search did without
 */
public record SlabProfile(
    Ulid slab,
    Strategy strategy,
    String algorithm,
    long cellsScanned,
    int rows,
    long matchingRows,
    long rowsScored,
    long rowsRescored,
    long bytesRead,
    long filterNanos,
    long scanNanos,
    List<String> leftOut) {}
