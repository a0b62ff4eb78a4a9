package io.slab.measure;

/**
 * What a {@link QueryBench} does.
 *
 * @param batch queries of one call
 * @param warmup queries asked beforehand, and not measured
 * @param passes how often all queries are asked; with a duration as often as it takes
 * @param maxNanos the measured time after which no call begins; 0: no limit but the passes
 * @param seed shuffles the queries; null: in the order of the file
 */
public record BenchPlan(int batch, int warmup, int passes, long maxNanos, Long seed) {}
