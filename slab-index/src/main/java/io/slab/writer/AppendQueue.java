package io.slab.writer;

import io.slab.memtable.WriteOp;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Batches on their way into one namespace, in order: while the store works on one, the next are
 * prepared, and those that wait are committed together, as one object of the WAL. One object is on
 * its way at a time, so no later batch can be there without an earlier one. Each batch is
 * acknowledged by itself, once it is durable. After a failure nothing more is written.
 *
 * <p>One thread calls {@link #append} and {@link #close}; the queue has a thread of its own, which
 * also calls back.
 */
public final class AppendQueue implements AutoCloseable {
  /** Most bytes that wait, besides the object on its way. */
  private static final long WAITING_BYTES = 6 << 20;

  private static final int WAITING_BATCHES = 1_000;

  private final NamespaceWriter writer;
  private final Thread thread;

  /** Guards everything below. */
  private final Object lock = new Object();

  private final WaitingBatches waiting = new WaitingBatches();
  private boolean closed;
  private Throwable failure;

  AppendQueue(NamespaceWriter writer) {
    this.writer = writer;
    this.thread = Thread.ofPlatform().daemon().name("slab-append").start(this::work);
  }

  /**
   * Hands over a batch; waits while too much is on its way.
   *
   * @param batch 1 to {@link io.slab.model.Limits#MAX_BATCH_RECORDS} operations
   * @param acknowledged called when the batch is durable and visible, in the order of the batches;
   *     what it throws stops the queue
   * @return done after that; failed, with what went wrong first, when no caller may count on the
   *     batch
   * @throws io.slab.error.InvalidInputException when the batch does not fit the index; the queue
   *     goes on
   */
  public CompletableFuture<Commit> append(List<WriteOp> batch, Consumer<Commit> acknowledged) {
    WaitingBatch entry = WaitingBatch.of(writer, batch, acknowledged);
    synchronized (lock) {
      while (failure == null
          && !waiting.isEmpty()
          && (waiting.bytes() + entry.bytes() > WAITING_BYTES
              || waiting.size() == WAITING_BATCHES)) {
        await();
      }
      if (closed) {
        throw new IllegalStateException("the queue is closed");
      }
      if (failure != null) {
        return CompletableFuture.failedFuture(failure);
      }
      waiting.add(entry);
      lock.notifyAll();
    }
    return entry.done();
  }

  private void await() {
    try {
      lock.wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for the storage");
    }
  }

  private void work() {
    List<WaitingBatch> group = next();
    while (!group.isEmpty()) {
      try {
        WaitingBatch.write(writer, group);
      } catch (Throwable e) {
        fail(group, e);
        return;
      }
      group = next();
    }
  }

  /** Waits for a batch and takes it with those behind it that fit; empty at the end. */
  private List<WaitingBatch> next() {
    // Asked without the lock: another thread may be using the writer.
    int room = writer.room();
    synchronized (lock) {
      while (waiting.isEmpty() && !closed) {
        await();
      }
      List<WaitingBatch> group = waiting.take(room);
      lock.notifyAll();
      return group;
    }
  }

  private void fail(List<WaitingBatch> group, Throwable e) {
    List<WaitingBatch> rest;
    synchronized (lock) {
      failure = e;
      rest = waiting.takeAll();
      lock.notifyAll();
    }
    // Those of the group that were acknowledged are done already.
    group.forEach(batch -> batch.done().completeExceptionally(e));
    rest.forEach(batch -> batch.done().completeExceptionally(e));
  }

  /** Waits until everything that was handed over is written, or has failed. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    writer.flushInBackground(false);
  }
}
