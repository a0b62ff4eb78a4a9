package io.slab.source.json;

import io.slab.source.ReadFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Reads and parses ahead on worker threads. A worker takes the next block and its place in the
 * queue under one lock, so the queue has the order of the input, however fast each thread parses.
 * The queue is bounded, and with it the memory: at most {@code 2 * workers + 3} blocks are alive.
 */
final class ParallelSupply implements BlockRecordReader.ParsedSupply {
  /** How long closing waits for a worker that sits in a read which cannot be interrupted. */
  private static final long CLOSE_MILLIS = 500;

  private final String part;
  private final RecordBlocks blocks;
  private final ReentrantLock reading = new ReentrantLock();
  private final ConcurrentLinkedQueue<byte[]> buffers = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<CompletableFuture<ParsedRecords>> queue;
  private final List<Thread> workers = new ArrayList<>();
  private volatile boolean ended;
  private volatile ParsedRecords.Start start;
  private boolean finished;

  ParallelSupply(
      String part, RecordBlocks blocks, Supplier<JsonRecordParser> parsers, int workerCount) {
    this.part = part;
    this.blocks = blocks;
    queue = new ArrayBlockingQueue<>(workerCount + 2);
    for (int i = 0; i < workerCount; i++) {
      JsonRecordParser parser = parsers.get();
      workers.add(
          Thread.ofPlatform().daemon().name("slab-source-" + i).unstarted(() -> work(parser)));
    }
  }

  private void work(JsonRecordParser parser) {
    try {
      while (step(parser)) {}
    } catch (InterruptedException e) {
      // Closed: no reader waits for more.
    }
  }

  private boolean step(JsonRecordParser parser) throws InterruptedException {
    CompletableFuture<ParsedRecords> place = new CompletableFuture<>();
    RecordBlock block;
    reading.lockInterruptibly();
    try {
      block = read(place);
    } finally {
      reading.unlock();
    }
    if (block == null) {
      return false;
    }
    try {
      place.complete(ParsedRecords.parse(parser, block, part, blocks.maxRecord(), start));
    } catch (RuntimeException | Error e) {
      place.completeExceptionally(e);
    }
    return true;
  }

  /** Reads the next block and queues its place; null when there is none. */
  private RecordBlock read(CompletableFuture<ParsedRecords> place) throws InterruptedException {
    if (ended) {
      return null;
    }
    RecordBlock block = null;
    try {
      block = blocks.next(buffers.poll());
      if (block == null) {
        place.complete(null);
      }
    } catch (IOException e) {
      place.completeExceptionally(ReadFailure.of(part, e));
    } catch (RuntimeException | Error e) {
      place.completeExceptionally(e);
    }
    ended = block == null;
    queue.put(place);
    return block;
  }

  @Override
  public ParsedRecords next(ParsedRecords.Start wanted) {
    if (finished) {
      return null;
    }
    start = wanted;
    // Not before: the first start must be known to the first worker.
    for (Thread worker : workers) {
      if (worker.getState() == Thread.State.NEW) {
        worker.start();
      }
    }
    try {
      ParsedRecords next = queue.take().join();
      finished = next == null;
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for input");
    } catch (CompletionException e) {
      finished = true;
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  @Override
  public void giveBack(byte[] buffer) {
    buffers.add(buffer);
  }

  @Override
  public void close() {
    ended = true;
    finished = true;
    workers.forEach(Thread::interrupt);
    boolean idle = true;
    try {
      for (Thread worker : workers) {
        idle &=
            worker.getState() == Thread.State.NEW || worker.join(Duration.ofMillis(CLOSE_MILLIS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      idle = false;
    }
    // A worker that still reads (a silent pipe) owns the input; it is a daemon and ends with it.
    if (idle) {
      try {
        blocks.close();
      } catch (IOException e) {
        throw ReadFailure.of(part, e);
      }
    }
  }
}
