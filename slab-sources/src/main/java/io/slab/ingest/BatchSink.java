package io.slab.ingest;

import io.slab.model.VectorRecord;
import io.slab.writer.Commit;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Where a job puts its batches; called on the thread that runs the job. */
@FunctionalInterface
public interface BatchSink {
  /**
   * Makes a batch durable.
   *
   * @param batch 1 to {@link io.slab.model.Limits#MAX_BATCH_RECORDS} records whose WAL object has
   *     at most {@link io.slab.model.Limits#MAX_BATCH_BYTES}, in the order of the input; the job
   *     does not touch the list afterwards
   * @return only when every record of the batch is durable; anything thrown means that none may be
   *     counted on
   */
  Commit write(List<VectorRecord> batch);

  /**
   * Takes a batch that becomes durable later, in the order in which batches were taken; may wait
   * while too many are on their way. The job waits for all of them before it ends.
   *
   * @param batch as in {@link #write}
   * @return done when every record of the batch is durable; failed when none may be counted on, and
   *     then so are all later ones
   */
  default CompletableFuture<Commit> submit(List<VectorRecord> batch) {
    return CompletableFuture.completedFuture(write(batch));
  }
}
