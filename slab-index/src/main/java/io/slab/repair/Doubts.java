package io.slab.repair;

import java.util.ArrayList;
import java.util.List;

/**
 * What may have deleted, or replaced, more records than can be read: damaged slabs that hide
 * deletes or ids, lost writes of the log, and bulk loads of which nothing tells whether they were
 * committed. One thread only.
 */
final class Doubts {
  private record Doubt(SlabPatient by, long upTo) {}

  private final List<Doubt> doubts = new ArrayList<>();
  private final List<SlabPatient> uncommitted = new ArrayList<>();

  /** Deletes by a slab that cannot be read. */
  void slab(SlabPatient by, long upTo) {
    doubts.add(new Doubt(by, upTo));
  }

  /** Writes that are lost. */
  void log(long upTo) {
    doubts.add(new Doubt(null, upTo));
  }

  /** A slab that may never have been committed. */
  void uncommitted(SlabPatient slab) {
    uncommitted.add(slab);
  }

  /** True when a record that looks alive may be none. */
  boolean concern(RecordVersion version) {
    if (version.slab() != null && uncommitted.contains(version.slab())) {
      return true;
    }
    // A row was alive after the write up to which its slab knows.
    long known =
        version.slab() == null
            ? version.lsn()
            : Math.max(version.lsn(), version.slab().entry().lsnAsOf());
    for (Doubt doubt : doubts) {
      if (doubt.upTo() > known && (doubt.by() == null || doubt.by() != version.slab())) {
        return true;
      }
    }
    return false;
  }
}
