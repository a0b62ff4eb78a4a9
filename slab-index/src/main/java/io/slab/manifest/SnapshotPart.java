package io.slab.manifest;

import io.slab.model.Ulid;

/**
 * One slab of a snapshot, or what is in no slab yet, for a process that reads it apart from the
 * rest (spec/index.md, "Parts of a snapshot").
 *
 * @param namespace where it is
 * @param manifest number of the manifest that the snapshot was read from
 * @param commit commit id of that manifest, by which that of another index is told
 * @param walApplied number of the last log object in the snapshot
 * @param rows live rows
 * @param slab the slab with the rows that are dead in the snapshot (inline); null for the records
 *     that are in no slab
 */
public record SnapshotPart(
    String namespace, long manifest, Ulid commit, long walApplied, long rows, SlabEntry slab) {
  public SnapshotPart {
    if (slab != null && slab.deletes().file() != null) {
      throw new IllegalArgumentException("dead rows of slab " + slab.id() + " in a file");
    }
    if (slab != null && slab.liveRows() != rows) {
      throw new IllegalArgumentException(rows + " live rows of slab " + slab.id());
    }
  }
}
