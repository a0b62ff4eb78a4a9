package io.slab.compaction;

import io.slab.manifest.SlabEntry;
import io.slab.model.Ledger;
import java.util.List;

/**
 * One compaction that was committed.
 *
 * @param manifest id of the manifest that names the outputs
 * @param outputs empty when no row was alive
 * @param rowsDropped dead rows that are gone
 * @param content the ledger that the living rows of the inputs and all rows of the outputs share
 */
public record CompactionResult(
    CompactionPlan plan,
    long manifest,
    List<SlabEntry> outputs,
    long rowsDropped,
    Ledger content,
    long nanos) {
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
