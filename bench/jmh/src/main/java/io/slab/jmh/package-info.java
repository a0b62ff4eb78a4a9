/**
 * Microbenchmarks (JMH) of kernels, codes, bitmaps and filters. Whole queries and whole programs
 * are measured by {@code io.slab.bench}.
 */
package io.slab.jmh;
