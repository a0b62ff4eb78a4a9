package io.slab.wal;

import io.slab.model.Ulid;
import java.util.List;

/**
 * One committed batch of operations.
 *
 * @param sequence its number in the namespace's WAL
 * @param writer the process (or rather writer instance) that wrote it
 * @param commit what tells this attempt from every other
 * @param previous commit id of the object before it, {@link Ulid#ZERO} when the writer did not know
 * @param records in the order in which they apply; record {@code i} has LSN {@code firstLsn() + i}
 */
public record WalObject(
    long sequence, Ulid writer, Ulid commit, Ulid previous, List<WalRecord> records) {
  public WalObject {
    if (sequence < 0 || sequence > WalLayout.MAX_SEQUENCE) {
      throw new IllegalArgumentException("WAL sequence number " + sequence);
    }
    if (records.size() > WalLayout.MAX_RECORDS) {
      throw new IllegalArgumentException(records.size() + " records in one WAL object");
    }
    records = List.copyOf(records);
  }

  public long firstLsn() {
    return WalLayout.firstLsn(sequence);
  }

  public long lastLsn() {
    return WalLayout.lastLsn(sequence, records.size());
  }
}
