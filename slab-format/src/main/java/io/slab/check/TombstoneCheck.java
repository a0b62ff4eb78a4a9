package io.slab.check;

import io.slab.error.CorruptException;
import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.format.section.RangeTombstonesSection;
import io.slab.format.section.RowLsnReader;
import io.slab.format.section.StringBlocksReader;
import io.slab.inspect.SlabManifestView;
import io.slab.model.Limits;
import io.slab.model.RangeTombstone;

/** Checks the deletes that a slab carries. Each check ends with an exception at the first fault. */
final class TombstoneCheck {
  private static final int CACHED_BLOCKS = 4;

  private final SlabFile file;
  private final SlabManifestView manifest;
  private final StringBlocksReader rowIds;

  /**
   * @param rowIds the ids of the rows; null where they are damaged themselves
   */
  TombstoneCheck(SlabFile file, SlabManifestView manifest, StringBlocksReader rowIds) {
    this.file = file;
    this.manifest = manifest;
    this.rowIds = rowIds;
  }

  void ids() {
    Section section = file.find(SectionKind.TOMBSTONES);
    if (section == null) {
      return;
    }
    StringBlocksReader ids = new StringBlocksReader(section, Limits.MAX_ID_BYTES, CACHED_BLOCKS);
    ids.verify();
    for (int i = 0; i < ids.items(); i++) {
      byte[] id = ids.get(i);
      String problem = ContentCheck.idProblem(id);
      if (problem != null) {
        throw corrupt(section, "the id of number " + i + " " + problem, "the id of a record");
      }
      int rank = rowIds == null ? -1 : rowIds.find(id);
      if (rank >= 0) {
        throw corrupt(section, "the id of rank " + rank + " of this slab", "ids without a row");
      }
    }
  }

  void lsns() {
    Section ids = file.find(SectionKind.TOMBSTONES);
    Section section = file.find(SectionKind.TOMBSTONE_LSN);
    if (ids == null) {
      if (section != null) {
        throw corrupt(section, "LSNs of tombstones", "none without TOMBSTONES");
      }
      return;
    }
    int items = Math.toIntExact(Math.clamp(ids.entry().items(), 0, Integer.MAX_VALUE - 8));
    RowLsnReader lsns = new RowLsnReader(file.require(SectionKind.TOMBSTONE_LSN), items);
    lsns.verifyPadding();
    long smallest = items == 0 ? lsns.base() : -1;
    for (int i = 0; i < items; i++) {
      long lsn = lsns.lsn(i);
      requireWithin(section, lsn);
      smallest = Long.compareUnsigned(lsn, smallest) < 0 ? lsn : smallest;
    }
    if (smallest != lsns.base()) {
      throw corrupt(
          section,
          "the base " + Long.toUnsignedString(lsns.base()),
          "the smallest LSN, " + Long.toUnsignedString(smallest));
    }
  }

  void ranges() {
    Section section = file.find(SectionKind.RANGE_TOMBSTONES);
    if (section != null) {
      for (RangeTombstone range : RangeTombstonesSection.read(section)) {
        requireWithin(section, range.lsn());
      }
    } else if (rowIds != null && rowIds.items() == 0 && file.find(SectionKind.TOMBSTONES) == null) {
      throw corrupt(file.require(SectionKind.ID_BLOCKS), "neither rows nor deletes", "some");
    }
  }

  private void requireWithin(Section section, long lsn) {
    long min = manifest.number("lsnMin");
    long max = manifest.number("lsnMax");
    if (lsn < min || lsn > max) {
      throw corrupt(
          section, "LSN " + Long.toUnsignedString(lsn), min + " to " + max + " (manifest)");
    }
  }

  private static CorruptException corrupt(Section section, String found, String expected) {
    return new CorruptException(section.resource(), section.entry().offset(), found, expected);
  }
}
