package io.slab.repair;

import io.slab.error.DataException;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.ObjectSequence;
import io.slab.memtable.DecodedBatch;
import io.slab.memtable.MemRow;
import io.slab.memtable.WriteOp;
import io.slab.model.IndexSpec;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.salvage.LostRow;
import io.slab.store.ObjectStore;
import io.slab.wal.WalLayout;
import io.slab.wal.WalSalvage;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Finds rows of damaged slabs in the log: objects that were flushed stay until gc takes them, and
 * the LSN of a row says which operation wrote it. One thread only.
 */
final class FlushedLog {
  private final ObjectStore store;
  private final ObjectSequence sequence;
  private final IndexSpec spec;
  private final Set<Long> there;

  /** The object that was read last. */
  private DecodedBatch batch;

  private long number = -1;

  FlushedLog(ObjectStore store, NamespaceNames names, IndexSpec spec) {
    this.store = store;
    this.spec = spec;
    this.sequence = new ObjectSequence(store, names.walFolder(), ".wal");
    this.there = new HashSet<>(store.retry().run(() -> sequence.listAfter(-1)));
  }

  /** Takes over every living row that is lost in the slab and that an upsert of the log wrote. */
  void recover(SlabPatient patient) {
    if (patient.salvage() == null || patient.isWhole() || there.isEmpty()) {
      return;
    }
    patient
        .salvage()
        .lost(
            patient.dead(),
            row -> {
              VectorRecord record = row.row() < 0 || row.lsn() < 0 ? null : record(row);
              if (record != null) {
                patient.recover(row.row(), new MemRow(Utf8.bytes(record.id()), row.lsn(), record));
              }
            });
  }

  private VectorRecord record(LostRow row) {
    long wanted = row.lsn() >>> WalLayout.LSN_SHIFT;
    int at = (int) (row.lsn() & (WalLayout.MAX_RECORDS - 1));
    if (wanted != number) {
      number = wanted;
      batch = there.contains(wanted) ? read(wanted) : null;
    }
    boolean upsert =
        batch != null && at < batch.ops().size() && batch.ops().get(at) instanceof WriteOp.Upsert;
    if (!upsert) {
      return null;
    }
    VectorRecord record = ((WriteOp.Upsert) batch.ops().get(at)).record();
    boolean same = row.id() == null || Arrays.equals(row.id(), Utf8.bytes(record.id()));
    return same ? record : null;
  }

  private DecodedBatch read(long object) {
    String name = sequence.name(object);
    try {
      byte[] content = store.retry().run(() -> sequence.read(object, WalLayout.MAX_BYTES));
      WalSalvage salvage = WalSalvage.read(name, object, content);
      return DecodedBatch.of(name, salvage.object(), spec);
    } catch (DataException e) {
      return null;
    }
  }
}
