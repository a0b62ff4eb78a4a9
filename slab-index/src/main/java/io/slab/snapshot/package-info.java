/**
 * A namespace at one moment: the slabs of a manifest with their dead rows, and the memtable that
 * the log after it gives; and the slab files that processes keep open for it. Nothing here commits.
 */
package io.slab.snapshot;
