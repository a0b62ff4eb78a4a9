package io.slab.ingest;

import io.slab.model.VectorRecord;
import io.slab.writer.Commit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The batches of a job that its sink has taken, and what became of those that are done. They are
 * acknowledged in order, so what is not yet is always the end of the input. One thread only.
 */
final class BatchesInFlight {
  private record Batch(int records, ResumePoint first, CompletableFuture<Commit> commit) {}

  private final BatchSink sink;
  private final Deque<Batch> batches = new ArrayDeque<>();
  private long written;
  private long acknowledged;
  private long firstLsn = -1;
  private long lastLsn = -1;

  BatchesInFlight(BatchSink sink) {
    this.sink = sink;
  }

  /**
   * Hands a batch to the sink.
   *
   * @param first where its first record came from, or null
   */
  void submit(List<VectorRecord> batch, ResumePoint first) {
    batches.add(new Batch(batch.size(), first, sink.submit(batch)));
  }

  /** Counts the batches that were acknowledged since; throws what the oldest other one met. */
  void settle() {
    while (!batches.isEmpty() && batches.peek().commit.isDone()) {
      settleOldest();
    }
  }

  /** Waits for all batches; throws what the oldest one that failed met. */
  void settleAll() {
    while (!batches.isEmpty()) {
      settleOldest();
    }
  }

  private void settleOldest() {
    Commit commit;
    try {
      commit = batches.peek().commit.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
    firstLsn = acknowledged == 0 ? commit.firstLsn() : firstLsn;
    lastLsn = commit.lastLsn();
    written += batches.poll().records;
    acknowledged++;
  }

  /** Where the oldest batch began that is not acknowledged; null when all are. */
  ResumePoint first() {
    return batches.isEmpty() ? null : batches.peek().first;
  }

  /** Records acknowledged. */
  long written() {
    return written;
  }

  /** Batches acknowledged. */
  long acknowledged() {
    return acknowledged;
  }

  /** LSN of the first record acknowledged, -1 when there is none. */
  long firstLsn() {
    return firstLsn;
  }

  /** LSN of the last record acknowledged, -1 when there is none. */
  long lastLsn() {
    return lastLsn;
  }
}
