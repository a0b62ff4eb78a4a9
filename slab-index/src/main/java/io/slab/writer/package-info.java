/**
 * Writing records: batches into the log, flushes of the memtable into slabs, and bulk loads that
 * build slabs directly. Merging slabs is not here ({@link io.slab.compaction}), and neither is the
 * reading of files (the module slab-sources).
 */
package io.slab.writer;
