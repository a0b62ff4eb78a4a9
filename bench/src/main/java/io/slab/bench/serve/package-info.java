/**
 * What a request to {@code slab serve} costs beside a bare server of the same libraries, and how
 * quick it starts, writes and answers: run by {@code bench/serve}.
 */
package io.slab.bench.serve;
