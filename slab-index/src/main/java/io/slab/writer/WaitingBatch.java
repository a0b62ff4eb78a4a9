package io.slab.writer;

import io.slab.memtable.WriteOp;
import io.slab.wal.WalLayout;
import io.slab.wal.WalObject;
import io.slab.wal.WalRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A checked batch on its way into the log.
 *
 * @param records its operations
 * @param bytes what they take in a WAL object
 * @param merges true when it is to be tried out first, and so has an object of its own
 * @param acknowledged called when it is durable and visible
 * @param done completed after that, or with what went wrong
 */
record WaitingBatch(
    List<WalRecord> records,
    long bytes,
    boolean merges,
    Consumer<Commit> acknowledged,
    CompletableFuture<Commit> done) {
  /**
   * Checks and encodes a batch.
   *
   * @throws io.slab.error.InvalidInputException when it does not fit the index
   */
  static WaitingBatch of(
      NamespaceWriter writer, List<WriteOp> batch, Consumer<Commit> acknowledged) {
    List<WalRecord> records = writer.encode(batch);
    long bytes = 0;
    for (WalRecord record : records) {
      bytes += WalLayout.RECORD_HEADER_BYTES + record.payload().length;
    }
    boolean merges = batch.stream().anyMatch(WriteOp::merges);
    return new WaitingBatch(records, bytes, merges, acknowledged, new CompletableFuture<>());
  }

  /** Writes batches as one object of the log, and acknowledges each by itself. */
  static void write(NamespaceWriter writer, List<WaitingBatch> group) {
    List<WalRecord> records = new ArrayList<>();
    group.forEach(batch -> records.addAll(batch.records));
    WalObject object = writer.append(records, group.getFirst().merges);
    long lsn = object.firstLsn();
    for (WaitingBatch batch : group) {
      int count = batch.records.size();
      Commit commit = new Commit(object.sequence(), lsn, lsn + count - 1, count);
      lsn += count;
      batch.acknowledged.accept(commit);
      batch.done.complete(commit);
    }
  }
}
