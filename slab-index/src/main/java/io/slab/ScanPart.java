package io.slab;

import io.slab.manifest.SnapshotPart;
import io.slab.manifest.SnapshotPartJson;

/**
 * A slab of a {@link Snapshot}, with the rows that are dead in it, or the records that are in no
 * slab yet: what one task of a distributed read works on. It holds no record and no open file. As
 * bytes it takes about 1 KB and the bitmap of the dead rows. Immutable and thread-safe.
 *
 * @see Snapshot#parts
 * @see Namespace#scan
 */
public final class ScanPart {
  final SnapshotPart part;

  ScanPart(SnapshotPart part) {
    this.part = part;
  }

  /** As bytes (JSON with a version and a checksum) for another process. */
  public byte[] toBytes() {
    return SnapshotPartJson.encode(part);
  }

  /**
   * From {@link #toBytes}.
   *
   * @throws io.slab.error.CorruptException when the bytes are damaged
   * @throws io.slab.error.UnsupportedException when a newer version wrote them
   */
  public static ScanPart ofBytes(byte[] bytes) {
    return new ScanPart(SnapshotPartJson.decode(bytes));
  }

  /** The namespace that it is of. */
  public String namespace() {
    return part.namespace();
  }

  /** Number of the manifest of its snapshot; equal for all parts of one. */
  public long manifest() {
    return part.manifest();
  }

  /** Records in it. */
  public long rows() {
    return part.rows();
  }

  /** Bytes of its slab, dead rows included, by which work can be dealt; 0 when it is in the log. */
  public long bytes() {
    return part.slab() == null ? 0 : part.slab().bytes();
  }

  /** Whether these are the records that are in no slab yet: reading them replays the log. */
  public boolean isUnflushed() {
    return part.slab() == null;
  }
}
