/**
 * Arithmetic over dense vectors: the canonical score that every answer carries, and fast kernels
 * with a bound of their error, which only tell which rows need no canonical score. Approximate
 * indexes are in {@link io.slab.ann}, and the choice of rows and answers is in {@link
 * io.slab.search}.
 */
package io.slab.vector;
