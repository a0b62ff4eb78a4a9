package io.slab.ingest;

import io.slab.model.VectorRecord;
import java.util.List;

/** Where an {@link IngestJob} puts its batches; called on the thread that runs the job. */
@FunctionalInterface
public interface BatchSink {
  /**
   * Makes a batch durable.
   *
   * @param batch 1 to {@link io.slab.model.Limits#MAX_BATCH_RECORDS} records of at most {@link
   *     io.slab.model.Limits#MAX_BATCH_BYTES}, in the order of the input
   * @return only when every record of the batch is durable; anything thrown means that none may be
   *     counted on
   */
  Receipt write(List<VectorRecord> batch);

  /**
   * What was acknowledged.
   *
   * @param firstLsn log sequence number of the batch's first record
   * @param lastLsn and of its last
   */
  record Receipt(long firstLsn, long lastLsn) {}
}
