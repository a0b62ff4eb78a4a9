package io.slab.ingest;

import io.slab.memtable.WriteOp;
import io.slab.model.VectorRecord;
import io.slab.writer.AppendQueue;
import io.slab.writer.Commit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Upserts batches through an {@link AppendQueue}. */
public final class QueueSink implements BatchSink {
  private final AppendQueue queue;
  private final Consumer<Commit> acknowledged;

  /**
   * @param acknowledged told of each batch, in order, once it is durable; on the queue's thread
   */
  public QueueSink(AppendQueue queue, Consumer<Commit> acknowledged) {
    this.queue = queue;
    this.acknowledged = acknowledged;
  }

  @Override
  public CompletableFuture<Commit> submit(List<VectorRecord> batch) {
    List<WriteOp> ops = new ArrayList<>(batch.size());
    for (VectorRecord record : batch) {
      ops.add(new WriteOp.Upsert(record));
    }
    return queue.append(ops, acknowledged);
  }

  @Override
  public Commit write(List<VectorRecord> batch) {
    return submit(batch).join();
  }
}
