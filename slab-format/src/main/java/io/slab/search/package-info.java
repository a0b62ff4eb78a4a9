/**
 * The search of slabs and records in memory: plans each slab for a query (exact scan, approximate
 * index, inverted index, or single rows), runs the plans on worker threads and merges the answers.
 * It takes what it is given: which slabs and records make up an index at a moment is decided in the
 * module slab-index.
 */
package io.slab.search;
