package io.slab.writer;

import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.SlabEntry;
import io.slab.model.Ulid;
import java.util.List;

/**
 * What a flush did.
 *
 * @param manifest number of the newest manifest afterwards
 * @param slabs slabs written, none when there was nothing to write (or another process was faster)
 * @param rows rows in them
 * @param walFlushedThrough WAL objects up to this one are in slabs now
 */
public record FlushResult(long manifest, List<Ulid> slabs, long rows, long walFlushedThrough) {
  public FlushResult {
    slabs = List.copyOf(slabs);
  }

  /** What a flush did that wrote these slabs. */
  static FlushResult of(NamespaceManifest manifest, List<SlabEntry> written) {
    return new FlushResult(
        manifest.id(),
        written.stream().map(SlabEntry::id).toList(),
        written.stream().mapToLong(SlabEntry::rows).sum(),
        manifest.walFlushedThrough());
  }
}
