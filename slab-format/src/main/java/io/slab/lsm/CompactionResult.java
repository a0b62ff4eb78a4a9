package io.slab.lsm;

import io.slab.manifest.SlabEntry;
import java.util.List;

/**
 * One compaction that was committed.
 *
 * @param manifest id of the manifest that names the outputs
 * @param outputs empty when no row was alive
 * @param rowsDropped dead rows that are gone
 */
public record CompactionResult(
    CompactionPlan plan, long manifest, List<SlabEntry> outputs, long rowsDropped, long nanos) {
  public CompactionResult {
    outputs = List.copyOf(outputs);
  }

  public long bytesOut() {
    return outputs.stream().mapToLong(SlabEntry::bytes).sum();
  }

  public long rowsOut() {
    return outputs.stream().mapToLong(SlabEntry::rows).sum();
  }
}
