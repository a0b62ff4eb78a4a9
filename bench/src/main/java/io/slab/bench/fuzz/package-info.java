/**
 * What a fuzzer throws bytes at: each target takes any bytes and ends with an answer or one of the
 * errors that are made for it. {@code bench/fuzz} runs them with coverage as a guide; a test runs
 * the corpus that is kept.
 */
package io.slab.bench.fuzz;
