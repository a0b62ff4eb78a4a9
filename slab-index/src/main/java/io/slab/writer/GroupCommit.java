package io.slab.writer;

import io.slab.memtable.WriteOp;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

/**
 * Batches of many threads on their way into one namespace: those that come while the store works on
 * others are committed together, as one object of the log. Each caller waits for its own batch and
 * hears of its own failure: a batch that cannot be taken fails alone, and when the store fails it
 * fails all that were in the object, but none of those that wait.
 *
 * <p>A thread of its own writes, so that a caller who is interrupted disturbs no other; it ends
 * when it has had nothing to do for a second. Thread-safe.
 */
public final class GroupCommit implements AutoCloseable {
  private static final long LINGER_MILLIS = 1_000;

  private final NamespaceWriter writer;

  /** Guards everything below. */
  private final Object lock = new Object();

  private final WaitingBatches waiting = new WaitingBatches();
  private Thread thread;
  private boolean closed;

  /**
   * @param writer which flushes in the background from now on: no batch waits for the slabs of
   *     others, unless these take so long that as many records again come in meanwhile
   */
  public GroupCommit(NamespaceWriter writer) {
    this.writer = writer;
    writer.flushInBackground(true);
  }

  /**
   * Makes a batch durable and visible, as {@link NamespaceWriter#append} does.
   *
   * @param batch 1 to {@link io.slab.model.Limits#MAX_BATCH_RECORDS} operations
   * @throws io.slab.error.InvalidInputException when the batch does not fit the index; nothing of
   *     it is written
   * @throws io.slab.error.StoreException when the store failed; nothing of it is written
   * @throws io.slab.error.OutcomeUnknownException when it is not known whether the batch is in
   * @throws CancellationException when the caller was interrupted before the batch was on its way;
   *     nothing of it is written. Once it is on its way its outcome is waited for
   * @throws IllegalStateException after {@link #close}
   */
  public Commit append(List<WriteOp> batch) {
    WaitingBatch entry = WaitingBatch.of(writer, batch, commit -> {});
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException("the index is closed");
      }
      waiting.add(entry);
      if (thread == null) {
        thread = Thread.ofPlatform().daemon().name("slab-commit").start(this::work);
      } else {
        lock.notifyAll();
      }
    }
    return await(entry);
  }

  /** Batches that wait for the one on its way, for tests. */
  int waiting() {
    synchronized (lock) {
      return waiting.size();
    }
  }

  private Commit await(WaitingBatch entry) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return entry.done().get();
        } catch (InterruptedException e) {
          interrupted = true;
          if (withdrawn(entry)) {
            throw new CancellationException("interrupted before the batch was written");
          }
        } catch (ExecutionException e) {
          throw failure(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean withdrawn(WaitingBatch entry) {
    synchronized (lock) {
      return waiting.remove(entry);
    }
  }

  private static RuntimeException failure(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return (RuntimeException) cause;
  }

  private void work() {
    try {
      for (List<WaitingBatch> group = next(); !group.isEmpty(); group = next()) {
        write(group);
      }
    } catch (Throwable e) {
      // Such as no memory for the list of a group: no caller must wait for a thread that ended.
      synchronized (lock) {
        waiting.takeAll().forEach(batch -> batch.done().completeExceptionally(e));
        ended();
      }
    }
  }

  private void write(List<WaitingBatch> group) {
    try {
      WaitingBatch.write(writer, group);
    } catch (RuntimeException | Error e) {
      group.forEach(batch -> batch.done().completeExceptionally(e));
    }
  }

  private void ended() {
    thread = null;
    lock.notifyAll();
  }

  /** The batches of the next object; none when this thread is to end, which is noted. */
  private List<WaitingBatch> next() {
    // Asked without the lock: another thread may be using the writer.
    int room = writer.room();
    synchronized (lock) {
      if (waiting.isEmpty() && !closed) {
        linger();
      }
      List<WaitingBatch> group = waiting.take(room);
      if (group.isEmpty()) {
        ended();
      }
      return group;
    }
  }

  private void linger() {
    long end = System.nanoTime() + LINGER_MILLIS * 1_000_000;
    long left = LINGER_MILLIS;
    while (waiting.isEmpty() && !closed && left > 0) {
      try {
        lock.wait(left);
      } catch (InterruptedException e) {
        // Nothing of ours interrupts it; what waits is written all the same.
        return;
      }
      left = (end - System.nanoTime()) / 1_000_000;
    }
  }

  /** Waits until what was handed over is written, or has failed; takes nothing more. */
  @Override
  public void close() {
    boolean interrupted = false;
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
      while (thread != null) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
