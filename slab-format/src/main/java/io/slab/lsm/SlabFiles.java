package io.slab.lsm;

import io.slab.format.SlabRequest;
import io.slab.format.SlabView;
import io.slab.model.IndexSpec;
import io.slab.model.Ulid;
import io.slab.store.ByteSource;
import io.slab.store.ObjectUpload;
import java.util.List;

/** How this layer writes and opens slab files: the one seam to the file format. Thread-safe. */
public interface SlabFiles {
  /**
   * What goes into a slab that a flush writes.
   *
   * @param rows in id order, at least one
   * @param tombstones ids deleted since the last flush that have no row here, in id order
   */
  record Content(
      IndexSpec spec,
      String namespace,
      Ulid id,
      int level,
      long createdMillis,
      List<MemRow> rows,
      List<SlabRequest.Tombstone> tombstones) {}

  /** Writes a whole slab without committing the upload; returns the offset of its hot tail. */
  long write(ObjectUpload out, Content content);

  /**
   * Opens a slab, which then owns the source.
   *
   * @param hotOffset where its hot tail begins, as the manifest says
   */
  SlabView open(ByteSource source, IndexSpec spec, long hotOffset);
}
