package io.slab.salvage;

import io.slab.error.DataException;
import io.slab.format.SlabRequest.Tombstone;
import io.slab.format.SlabTombstones;
import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.format.section.RangeTombstonesSection;
import io.slab.format.section.RowLsnReader;
import io.slab.format.section.StringBlocksReader;
import io.slab.model.Limits;
import io.slab.model.RangeTombstone;
import java.util.ArrayList;
import java.util.List;

/** Reads the deletes of a damaged slab, each as far as its own bytes are whole. */
final class SalvagedDeletes {
  private final SlabFile file;
  private final List<Tombstone> deleted = new ArrayList<>();
  private List<RangeTombstone> ranges = List.of();
  private boolean complete = true;

  private SalvagedDeletes(SlabFile file) {
    this.file = file;
  }

  /**
   * @param file null where nothing can be read
   */
  static ReadableDeletes of(SlabFile file, long asOf) {
    if (file == null) {
      return new ReadableDeletes(SlabTombstones.NONE, false);
    }
    SalvagedDeletes deletes = new SalvagedDeletes(file);
    deletes.readIds();
    deletes.readRanges();
    return new ReadableDeletes(
        new SlabTombstones(deletes.deleted, deletes.ranges, asOf), deletes.complete);
  }

  private void readIds() {
    Section section = file.find(SectionKind.TOMBSTONES);
    if (section == null) {
      return;
    }
    try {
      StringBlocksReader ids = new StringBlocksReader(section, Limits.MAX_ID_BYTES, 4);
      RowLsnReader lsns = new RowLsnReader(file.require(SectionKind.TOMBSTONE_LSN), ids.items());
      for (int i = 0; i < ids.items(); i++) {
        read(ids, lsns, i);
      }
    } catch (DataException e) {
      complete = false;
    }
  }

  private void read(StringBlocksReader ids, RowLsnReader lsns, int number) {
    try {
      deleted.add(new Tombstone(ids.get(number), lsns.lsn(number)));
    } catch (DataException e) {
      complete = false;
    }
  }

  private void readRanges() {
    Section section = file.find(SectionKind.RANGE_TOMBSTONES);
    try {
      ranges = section == null ? List.of() : RangeTombstonesSection.read(section);
    } catch (DataException e) {
      complete = false;
    }
  }
}
