package io.slab.format;

import io.slab.model.IndexSpec;
import io.slab.model.Ulid;
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
 * @param tombstones the deletes that it carries
 */
public record SlabRequest(
    Ulid id,
    long createdMillis,
    IndexSpec spec,
    String namespace,
    int level,
    List<Ulid> sources,
    SlabTombstones tombstones) {
  /** An id of which all records up to this LSN are deleted. */
  public record Tombstone(byte[] id, long lsn) {}

  public SlabRequest {
    sources = List.copyOf(sources);
  }

  /**
   * A slab that says nothing of the state of its namespace.
   *
   * @param tombstones deletes by id without a row here, in any order
   */
  public SlabRequest(
      Ulid id,
      long createdMillis,
      IndexSpec spec,
      String namespace,
      int level,
      List<Ulid> sources,
      List<Tombstone> tombstones) {
    this(
        id,
        createdMillis,
        spec,
        namespace,
        level,
        sources,
        SlabTombstones.sorted(tombstones, List.of(), SlabTombstones.UNKNOWN));
  }

  /** A flush without tombstones. */
  public static SlabRequest flush(Ulid id, long createdMillis, IndexSpec spec, String namespace) {
    return new SlabRequest(id, createdMillis, spec, namespace, 0, List.of(), SlabTombstones.NONE);
  }
}
