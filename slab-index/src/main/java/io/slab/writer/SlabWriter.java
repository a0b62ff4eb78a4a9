package io.slab.writer;

import io.slab.error.CancellationToken;
import io.slab.format.SlabInput;
import io.slab.format.SlabRequest;
import io.slab.format.SlabTombstones;
import io.slab.manifest.SlabEntry;
import io.slab.manifest.SlabEntryBuilder;
import io.slab.model.Ulid;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.SlabFiles;
import io.slab.store.ObjectUpload;
import java.util.List;

/**
 * Writes slabs of a namespace under names of their own: the one way of flush, bulk load and
 * compaction. Nothing refers to a slab until a manifest names it. Thread-safe.
 */
public final class SlabWriter {
  private final NamespaceHandle namespace;

  public SlabWriter(NamespaceHandle namespace) {
    this.namespace = namespace;
  }

  /**
   * Writes one slab and makes it durable.
   *
   * @param level what the slab says as its level
   * @param sources the slabs that its rows come from, or none
   * @param deleted the deletes that it carries, and the state of the namespace that it was made of
   * @param rows in unsigned order of their id bytes; at least one where there are no deletes
   * @param cancellation asked for each row of each pass; when it says so, nothing is left
   * @return the slab as a manifest can name it, without dead rows
   */
  public SlabEntry write(
      int level,
      List<Ulid> sources,
      SlabTombstones deleted,
      SlabInput rows,
      CancellationToken cancellation) {
    Ulid id = namespace.environment().newId();
    SlabRequest request =
        new SlabRequest(
            id,
            namespace.environment().now(),
            namespace.spec(),
            namespace.names().namespace(),
            level,
            sources,
            deleted);
    WatchedInput input = new WatchedInput(rows, cancellation);
    SlabFiles.Written slab;
    long bytes;
    try (ObjectUpload upload = namespace.store().upload(namespace.names().slab(id))) {
      slab = namespace.files().write(upload, request, input);
      bytes = upload.position();
      upload.commit();
    }
    return new SlabEntryBuilder(id)
        .rows(level, rows.rows())
        .file(bytes, slab.hotOffset())
        .lsns(slab.lsnMin(), slab.lsnMax())
        .asOf(deleted.asOf())
        .tombstones(deleted.count())
        .ledger(slab.ledger())
        .search(slab.algorithm(), slab.vintage(), slab.ahead())
        .columns(input.statistics().result())
        .build();
  }
}
