package io.slab.repair;

import io.slab.error.CancellationToken;
import io.slab.error.MissingException;
import io.slab.format.SlabManifest;
import io.slab.format.SlabReader;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SlabEntry;
import io.slab.manifest.SlabEntryBuilder;
import io.slab.memtable.MemRow;
import io.slab.model.IndexSpec;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.salvage.LostRow;
import io.slab.salvage.SlabSalvage;
import io.slab.store.ObjectStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * A slab of a namespace under repair. One thread only; close it when done.
 *
 * @param name full name of its file
 * @param id by its name
 * @param entry what a manifest says about it, or what it says itself; null where neither can be
 *     read
 * @param salvage what can be read of it; null where there is no such file
 * @param dead rows that are none of the namespace's records, or were found elsewhere
 * @param elsewhere rows that cannot be read here and were found in the log
 * @param recovered what the log has of them
 */
record SlabPatient(
    String name,
    Ulid id,
    SlabEntry entry,
    SlabSalvage salvage,
    MutableRoaringBitmap dead,
    MutableRoaringBitmap elsewhere,
    List<MemRow> recovered)
    implements AutoCloseable {

  SlabPatient(
      String name, Ulid id, SlabEntry entry, SlabSalvage salvage, MutableRoaringBitmap dead) {
    this(name, id, entry, salvage, dead, new MutableRoaringBitmap(), new ArrayList<>());
  }

  /** Takes a row for found, which the log has. */
  void recover(int row, MemRow found) {
    elsewhere.add(row);
    recovered.add(found);
  }

  /** One that a manifest names. */
  static SlabPatient named(
      ObjectStore store,
      NamespaceNames names,
      SlabEntry entry,
      MutableRoaringBitmap dead,
      IndexSpec spec,
      CancellationToken cancellation) {
    String name = names.slab(entry.id());
    SlabSalvage salvage;
    try {
      salvage = SlabSalvage.of(() -> store.openUnmapped(name, -1), entry, spec, cancellation);
    } catch (MissingException e) {
      salvage = null;
    }
    return new SlabPatient(name, entry.id(), entry, salvage, dead);
  }

  /** One of a folder, of which no manifest says anything. */
  static SlabPatient found(
      ObjectStore store,
      String name,
      Ulid id,
      long bytes,
      IndexSpec spec,
      CancellationToken cancellation) {
    SlabSalvage salvage =
        SlabSalvage.of(() -> store.openUnmapped(name, bytes), null, spec, cancellation);
    SlabManifest said = salvage.manifest();
    SlabEntry entry =
        said == null
            ? null
            : new SlabEntryBuilder(id)
                .rows(said.level(), said.rows())
                .file(bytes, salvage.slab().file().trailer().hotOffset())
                .lsns(said.lsnMin(), said.lsnMax())
                .asOf(said.lsnAsOf())
                .tombstones(salvage.deletes().tombstones().count())
                .ledger(said.ledger())
                .search(said.algorithm(), said.vintage(), List.of())
                .build();
    return new SlabPatient(name, id, entry, salvage, new MutableRoaringBitmap());
  }

  /** True when nothing is wrong with it. */
  boolean isWhole() {
    return salvage != null && salvage.isWhole();
  }

  /** True when its rows can be read, or would if it had any. */
  boolean isOpen() {
    return salvage != null && salvage.slab() != null;
  }

  /** Names the living records that are lost with it. */
  void lost(Losses losses) {
    if (salvage != null && salvage.rows() >= 0 && !salvage.isWhole()) {
      MutableRoaringBitmap none = dead.clone();
      none.or(elsewhere);
      Set<String> found = new HashSet<>();
      recovered.forEach(row -> found.add(row.record().id()));
      losses.count(
          salvage.lost(
              none,
              (LostRow row) -> {
                if (row.id() == null || !found.contains(Utf8.string(row.id()))) {
                  losses.row(name, row);
                }
              }));
    } else if (!isWhole()) {
      long live = entry == null ? 0 : entry.rows() - dead.getLongCardinality();
      long rows = entry == null ? 0 : entry.rows();
      long from = entry == null ? -1 : entry.lsnMin();
      losses.slab(name, rows, live, from, entry == null ? -1 : entry.lsnMax());
    }
  }

  /**
   * True when an id or an LSN of a row cannot be read: an older version in another slab may look
   * like the newest.
   */
  boolean hidesIds() {
    IntIterator rows = salvage.unreadable().getIntIterator();
    while (rows.hasNext()) {
      int row = rows.next();
      if (salvage.rowId(row) == null || salvage.rowLsn(row) < 0) {
        return true;
      }
    }
    return false;
  }

  /** The level, 0 where it is not known. */
  int level() {
    return entry == null ? 0 : entry.level();
  }

  /** A row that can be read. */
  VectorRecord record(int row) {
    SlabReader slab = salvage.slab();
    float[] values = slab.dense() == null ? null : new float[slab.dimension()];
    if (values != null) {
      slab.dense().copy(row, values);
    }
    String text = Utf8.string(salvage.rowId(row));
    return new VectorRecord(text, values, slab.sparse(row), slab.metadata(row));
  }

  /** What is done about it. */
  RepairStep.Remedy remedy() {
    if (!isOpen()) {
      return RepairStep.Remedy.LEAVE_OUT;
    }
    boolean none = salvage.unreadable().isEmpty();
    return none ? RepairStep.Remedy.REBUILD : RepairStep.Remedy.SALVAGE;
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public void close() {
    if (salvage != null) {
      salvage.close();
    }
  }
}
