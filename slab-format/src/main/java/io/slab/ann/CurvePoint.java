package io.slab.ann;

/**
 * One measured effort.
 *
 * @param k rows asked for
 * @param recall share of the true nearest that was found
 * @param assured recall that the true mean exceeds with 95 % confidence, given the spread over
 *     queries, for the worse half of them: rows as they are, or moved off the data
 * @param cells lists scanned, per query
 * @param scanned codes per query
 * @param refined fine codes per query
 * @param rescored rows read per query
 * @param cost modelled nanoseconds per query, see {@link CostModel}
 */
public record CurvePoint(
    int k,
    Effort effort,
    double recall,
    double assured,
    double cells,
    double scanned,
    double refined,
    double rescored,
    double cost) {}
