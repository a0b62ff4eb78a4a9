package io.slab;

import io.slab.snapshot.LiveSlab;

/**
 * Counts of a namespace at one moment. Immutable and thread-safe.
 *
 * @param records live records
 * @param unflushed live records that are in the log only, and in no slab
 * @param slabs how many slabs have live records
 * @param bytes of these slabs
 * @param manifest number of the manifest; 0 when the namespace does not exist
 */
public record NamespaceStats(long records, long unflushed, int slabs, long bytes, long manifest) {
  static NamespaceStats of(io.slab.snapshot.Snapshot snapshot) {
    long bytes = 0;
    for (LiveSlab slab : snapshot.slabs()) {
      bytes += slab.entry().bytes();
    }
    return new NamespaceStats(
        snapshot.count(),
        snapshot.memtable().size(),
        snapshot.slabs().size(),
        bytes,
        snapshot.manifest() == null ? 0 : snapshot.manifest().id());
  }
}
