/**
 * The operations of a batch and the newest state of the ids that they touch, in memory. Nothing
 * here reads from storage or commits to it; see {@link io.slab.snapshot} and {@link
 * io.slab.writer}.
 */
package io.slab.memtable;
