package io.slab.repair;

import io.slab.error.CancellationToken;
import io.slab.format.LedgerSum;
import io.slab.format.SlabInput;
import io.slab.format.SlabRequest.Tombstone;
import io.slab.format.SlabTombstones;
import io.slab.manifest.LedgerRule;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.MemRow;
import io.slab.memtable.MemRows;
import io.slab.model.RangeTombstone;
import io.slab.model.Utf8;
import io.slab.namespace.NamespaceHandle;
import io.slab.salvage.ReadableDeletes;
import io.slab.salvage.SlabSalvage;
import io.slab.writer.SlabWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Saves what can be read of a damaged slab into a new one. The new slab carries the deletes of the
 * old one, and one for each record that is dead or lost, so that no older version of it comes back.
 * One thread only.
 */
final class SlabMender {
  private final NamespaceHandle namespace;
  private final CancellationToken cancellation;

  SlabMender(NamespaceHandle namespace, CancellationToken cancellation) {
    this.namespace = namespace;
    this.cancellation = cancellation;
  }

  /**
   * Writes the new slab.
   *
   * @param asOf LSN up to which the dead rows are known
   * @param all the slabs of the namespace
   * @return null when nothing of it is left to say
   */
  SlabEntry mend(SlabPatient patient, long asOf, List<SlabPatient> all) {
    SlabInput rows =
        patient.isOpen() ? patient.salvage().readable(patient.dead()) : new MemRows(List.of());
    SlabTombstones deletes = deletes(patient, rows, asOf, all);
    if (rows.rows() == 0 && deletes.isEmpty()) {
      return null;
    }
    SlabEntry written =
        new SlabWriter(namespace)
            .write(patient.entry().level(), List.of(patient.id()), deletes, rows, cancellation);
    LedgerRule.require(
        "the repair of slab " + patient.id(),
        List.of(written),
        LedgerSum.of(rows),
        "that of the rows that can be read");
    return written;
  }

  /**
   * Writes the rows of a slab that the log has.
   *
   * @return null when there are none
   */
  SlabEntry recovered(SlabPatient patient, long asOf) {
    if (patient.recovered().isEmpty()) {
      return null;
    }
    List<MemRow> rows = new ArrayList<>(patient.recovered());
    rows.sort(Comparator.comparing(MemRow::idBytes, Utf8::compareBytes));
    SlabTombstones none = new SlabTombstones(List.of(), List.of(), asOf);
    return new SlabWriter(namespace)
        .write(0, List.of(patient.id()), none, new MemRows(rows), cancellation);
  }

  private SlabTombstones deletes(
      SlabPatient patient, SlabInput rows, long asOf, List<SlabPatient> all) {
    TreeMap<byte[], Long> deleted = new TreeMap<>(Utf8::compareBytes);
    ReadableDeletes said =
        patient.isOpen()
            ? patient.salvage().deletes()
            : new ReadableDeletes(SlabTombstones.NONE, false);
    said.tombstones().ids().forEach(one -> deleted.merge(one.id(), one.lsn(), Math::max));
    addDead(patient, deleted, true);
    List<RangeTombstone> ranges = new ArrayList<>(said.tombstones().ranges());
    if (!said.complete() || patient.hidesIds()) {
      // What it said of other slabs is what their dead rows show now.
      all.stream()
          .filter(other -> other != patient)
          .forEach(other -> addDead(other, deleted, false));
      ranges.add(RangeTombstone.otherSlabs(asOf, all.stream().map(SlabPatient::id).toList()));
    }
    if (!deleted.isEmpty()) {
      try (SlabInput.Cursor living = rows.open()) {
        while (living.next()) {
          deleted.remove(living.id());
        }
      }
    }
    patient.recovered().forEach(row -> deleted.remove(row.idBytes()));
    List<Tombstone> ids = new ArrayList<>();
    deleted.forEach((id, lsn) -> ids.add(new Tombstone(id, lsn)));
    return new SlabTombstones(ids, ranges.stream().distinct().sorted().toList(), asOf);
  }

  /** A delete for each id of a slab whose row is dead, or lost. */
  private static void addDead(SlabPatient slab, TreeMap<byte[], Long> deleted, boolean lost) {
    if (slab.salvage() == null || slab.entry() == null) {
      return;
    }
    SlabSalvage salvage = slab.salvage();
    for (int rank = 0; rank < salvage.rows(); rank++) {
      int row = salvage.rowAt(rank);
      if (row >= 0 && slab.elsewhere().contains(row)) {
        continue;
      }
      boolean gone =
          row < 0 ? lost : slab.dead().contains(row) || lost && salvage.unreadable().contains(row);
      byte[] id = gone ? salvage.idAt(rank) : null;
      if (id != null) {
        long lsn = row < 0 ? -1 : salvage.rowLsn(row);
        deleted.merge(id, lsn < 0 ? slab.entry().lsnMin() : lsn, Math::max);
      }
    }
  }
}
