package io.slab.format;

import io.slab.model.IndexSpec;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import java.util.Comparator;
import java.util.List;

/**
 * What a slab shall be, apart from its rows. Equal requests and rows give equal bytes.
 *
 * @param id the slab's id, new
 * @param createdMillis milliseconds since the epoch
 * @param spec the index that the slab belongs to
 * @param namespace as the index names it
 * @param level 0 for a flush
 * @param sources the slabs it is made from; empty for a flush
 * @param tombstones deletes by id without a row here, in any order
 */
public record SlabRequest(
    Ulid id,
    long createdMillis,
    IndexSpec spec,
    String namespace,
    int level,
    List<Ulid> sources,
    List<Tombstone> tombstones) {
  /** An id deleted by the write of this LSN. */
  public record Tombstone(byte[] id, long lsn) {}

  public SlabRequest {
    sources = List.copyOf(sources);
    tombstones =
        tombstones.stream()
            .sorted(Comparator.comparing(Tombstone::id, Utf8::compareBytes))
            .toList();
  }

  /** A flush without tombstones. */
  public static SlabRequest flush(Ulid id, long createdMillis, IndexSpec spec, String namespace) {
    return new SlabRequest(id, createdMillis, spec, namespace, 0, List.of(), List.of());
  }
}
