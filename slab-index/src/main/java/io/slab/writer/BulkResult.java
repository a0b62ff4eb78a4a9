package io.slab.writer;

import io.slab.manifest.SlabEntry;
import java.util.List;

/**
 * What a bulk load did.
 *
 * @param manifest the manifest that named the slabs first
 * @param slabs what was written
 * @param lsn the LSN of all its rows
 * @param buildNanos time to build the slabs and make them durable
 * @param commitNanos time to commit them
 */
public record BulkResult(
    long manifest, List<SlabEntry> slabs, long lsn, long buildNanos, long commitNanos) {
  public BulkResult {
    slabs = List.copyOf(slabs);
  }

  public long rows() {
    return slabs.stream().mapToLong(SlabEntry::rows).sum();
  }

  public long bytes() {
    return slabs.stream().mapToLong(SlabEntry::bytes).sum();
  }
}
