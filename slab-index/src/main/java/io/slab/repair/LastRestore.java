package io.slab.repair;

import io.slab.format.SlabManifest;
import io.slab.model.RangeTombstone;
import io.slab.model.RangeTombstone.Kind;
import io.slab.model.Ulid;
import io.slab.wal.WalLayout;
import java.util.Comparator;
import java.util.List;

/**
 * What the last restore left of slabs and log (spec/index.md, PV-RESTORED).
 *
 * @param said by its slab of deletes; null when there was none
 * @param flushed LSN up to which the log is in slabs, as the last append said; -1 for none
 */
record LastRestore(RangeTombstone said, long flushed) {
  /**
   * @param ranges the deletes of all slabs
   */
  static LastRestore of(List<RangeTombstone> ranges) {
    return new LastRestore(
        ranges.stream()
            .filter(range -> range.kind() == Kind.RESTORED)
            .max(Comparator.comparingLong(RangeTombstone::lsn))
            .orElse(null),
        ranges.stream()
            .filter(range -> range.kind() == Kind.FLUSHED)
            .mapToLong(RangeTombstone::lsn)
            .max()
            .orElse(-1));
  }

  /** True for a slab that it brought back. */
  boolean names(Ulid slab) {
    return said != null && said.names(slab);
  }

  /** True for a slab of which neither rows nor deletes count. */
  boolean leavesOut(SlabManifest slab) {
    if (said == null || said.names(slab.id())) {
      return false;
    }
    long from = slab.sources().isEmpty() ? slab.lsnMin() : slab.lsnAsOf();
    return from < said.lsn();
  }

  /** Number of the last object of the log that counts for nothing; -1 for none. */
  long logUpTo() {
    long lsn = Math.max(flushed, said == null ? -1 : said.lsn());
    return lsn < 0 ? -1 : lsn >>> WalLayout.LSN_SHIFT;
  }
}
