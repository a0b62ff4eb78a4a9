package io.slab.repair;

import io.slab.format.SlabManifest;
import io.slab.format.SlabTombstones;
import io.slab.model.RangeTombstone;
import io.slab.model.RangeTombstone.Kind;
import java.util.List;

/** Tells slabs that were uploaded too late to count (spec/index.md, PV-VOID). */
final class VoidSlabs {
  private final List<RangeTombstone> lists;

  /**
   * @param ranges the deletes of all slabs
   */
  VoidSlabs(List<RangeTombstone> ranges) {
    lists = ranges.stream().filter(range -> range.kind() == Kind.OTHER_SLABS).toList();
  }

  boolean has(SlabManifest slab) {
    long asOf = slab.lsnAsOf();
    if (asOf == SlabTombstones.UNKNOWN && slab.sources().isEmpty()) {
      asOf = slab.lsnMax();
    }
    for (RangeTombstone list : lists) {
      boolean older = asOf != SlabTombstones.UNKNOWN && asOf < list.lsn();
      if (older && !list.names(slab.id()) && slab.sources().stream().noneMatch(list::names)) {
        return true;
      }
    }
    return false;
  }
}
