package io.slab.estimate;

/**
 * What one query of a namespace on object storage asks for, without a filter.
 *
 * @param rounds requests that must wait for one another
 * @param requests all of them, GET and LIST
 * @param lists LIST requests among them
 * @param bytes read
 */
public record QueryEstimate(long rounds, long requests, long lists, long bytes) {}
