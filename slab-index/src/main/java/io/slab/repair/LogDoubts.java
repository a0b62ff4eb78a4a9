package io.slab.repair;

import io.slab.memtable.DecodedBatch;
import io.slab.memtable.WriteOp;
import io.slab.model.IndexSpec;
import io.slab.model.Utf8;
import io.slab.wal.WalObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Records that lost writes of the log may have deleted. */
final class LogDoubts {
  private LogDoubts() {}

  /**
   * Ids of the living records that are older than the last lost write and that nothing after it
   * writes.
   */
  static List<String> ids(List<SlabPatient> slabs, LogSalvage log, IndexSpec spec) {
    Map<String, Long> written = new HashMap<>();
    TreeSet<String> ids = new TreeSet<>(Utf8.ORDER);
    for (WalObject object : log.objects()) {
      DecodedBatch batch = DecodedBatch.of(log.name(object.sequence()), object, spec);
      for (int i = 0; i < batch.ops().size(); i++) {
        long lsn = batch.firstLsn() + i;
        if (batch.ops().get(i) instanceof WriteOp.Upsert u) {
          written.put(u.record().id(), lsn);
          ids.add(u.record().id());
        } else if (batch.ops().get(i) instanceof WriteOp.DeleteId d) {
          written.put(d.id(), lsn);
          ids.remove(d.id());
        }
      }
    }
    ids.removeIf(id -> written.get(id) > log.lostUpTo());
    for (SlabPatient slab : slabs) {
      int rows = slab.isOpen() ? slab.salvage().rows() : 0;
      for (int row = 0; row < rows; row++) {
        byte[] id =
            slab.dead().contains(row) || slab.salvage().unreadable().contains(row)
                ? null
                : slab.salvage().rowId(row);
        if (id != null && !written.containsKey(Utf8.string(id))) {
          ids.add(Utf8.string(id));
        }
      }
    }
    return List.copyOf(ids);
  }
}
