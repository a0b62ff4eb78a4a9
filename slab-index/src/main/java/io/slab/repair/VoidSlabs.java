package io.slab.repair;

import io.slab.format.SlabManifest;
import io.slab.format.SlabTombstones;
import io.slab.model.RangeTombstone;
import io.slab.model.RangeTombstone.Kind;
import io.slab.model.Ulid;
import java.util.Arrays;
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
      if (older
          && !names(list, slab.id())
          && slab.sources().stream().noneMatch(source -> names(list, source))) {
        return true;
      }
    }
    return false;
  }

  private static boolean names(RangeTombstone list, Ulid slab) {
    byte[] id = slab.toBytes();
    for (int at = 0; at < list.argument().length; at += id.length) {
      if (Arrays.equals(list.argument(), at, at + id.length, id, 0, id.length)) {
        return true;
      }
    }
    return false;
  }
}
