package io.slab.repair;

import io.slab.model.VectorRecord;

/**
 * What is known of an id up to an LSN.
 *
 * @param lsn of the write
 * @param record null when the id is deleted, and while the record was not read from its slab
 * @param slab that has it, null for one of the log and for a delete
 * @param row in that slab
 */
record RecordVersion(long lsn, VectorRecord record, SlabPatient slab, int row) {
  static RecordVersion deleted(long lsn) {
    return new RecordVersion(lsn, null, null, -1);
  }

  static RecordVersion written(long lsn, VectorRecord record) {
    return new RecordVersion(lsn, record, null, -1);
  }

  boolean isDelete() {
    return record == null && slab == null;
  }
}
