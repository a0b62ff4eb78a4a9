package io.slab;

import io.slab.manifest.BuiltSlabsJson;
import java.util.List;

/**
 * Slabs that were built and are not committed, or, without slabs, the order to build them: what
 * passes between the processes of a distributed load, append or compaction. The slabs are on the
 * storage already, under names that nothing refers to; those that are never committed are removed
 * by {@link Namespace#collectGarbage} once they are old enough. Immutable and thread-safe; it takes
 * about 1 KB of memory and bytes a slab, and of a compaction the dead rows of its inputs.
 *
 * @see Namespace#beginLoad
 * @see Namespace#beginAppend
 * @see Namespace#beginCompaction
 */
public final class BuiltSlabs {
  final io.slab.manifest.BuiltSlabs built;

  BuiltSlabs(io.slab.manifest.BuiltSlabs built) {
    this.built = built;
  }

  /** As bytes (JSON with a version and a checksum) for another process. */
  public byte[] toBytes() {
    return BuiltSlabsJson.encode(built);
  }

  /**
   * From {@link #toBytes}.
   *
   * @throws io.slab.error.CorruptException when the bytes are damaged
   * @throws io.slab.error.UnsupportedException when a newer version wrote them
   */
  public static BuiltSlabs ofBytes(byte[] bytes) {
    return new BuiltSlabs(BuiltSlabsJson.decode(bytes));
  }

  /**
   * What several builders made of one order. That no id is in two parts, {@link Namespace#commit}
   * finds out, since that takes the slabs.
   *
   * @param parts at least one
   * @throws IllegalArgumentException when they are of different orders, or one is there twice
   */
  public static BuiltSlabs merge(List<BuiltSlabs> parts) {
    return new BuiltSlabs(
        io.slab.manifest.BuiltSlabs.merge(parts.stream().map(part -> part.built).toList()));
  }

  /** The namespace that they are for. */
  public String namespace() {
    return built.namespace();
  }

  /** Rows in the slabs. */
  public long rows() {
    return built.slabs().stream().mapToLong(slab -> slab.rows()).sum();
  }

  /** Bytes of the slabs. */
  public long bytes() {
    return built.slabs().stream().mapToLong(slab -> slab.bytes()).sum();
  }
}
