/**
 * Merging of neighbouring slabs into fewer and larger ones, and rewriting of slabs that an older
 * version made: the plan, the merged rows, and the commit. The files of merged slabs stay until
 * {@link io.slab.gc} removes them.
 */
package io.slab.compaction;
