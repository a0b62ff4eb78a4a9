/**
 * From JSON lines and matrices to batches for a namespace: parsing, rules with file and line,
 * refused records, resume points, progress. Other formats are read in {@link io.slab.source} and
 * its packages; the writing itself is done in the module slab-index.
 */
package io.slab.ingest;
