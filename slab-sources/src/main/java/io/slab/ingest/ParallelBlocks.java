package io.slab.ingest;

import io.slab.model.IndexSpec;
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

/**
 * Reads and parses ahead on worker threads. A worker takes the next block and its place in the
 * queue under one lock, so the queue has the order of the input whoever parses faster. The queue is
 * bounded, and with it the memory: at most {@code 2 * workers + 3} blocks are alive.
 */
final class ParallelBlocks implements ParsedBlocks {
  /** How long closing waits for a worker that sits in a read which cannot be interrupted. */
  private static final long CLOSE_MILLIS = 500;

  private final InputBlocks inputs;
  private final IndexSpec spec;
  private final LineFloor floor;
  private final ReentrantLock reading = new ReentrantLock();
  private final ConcurrentLinkedQueue<byte[]> buffers = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<CompletableFuture<ParsedBlock>> queue;
  private final List<Thread> workers = new ArrayList<>();
  private volatile boolean ended;

  ParallelBlocks(InputBlocks inputs, IndexSpec spec, LineFloor floor, int workerCount) {
    this.inputs = inputs;
    this.spec = spec;
    this.floor = floor;
    queue = new ArrayBlockingQueue<>(workerCount + 2);
    for (int i = 0; i < workerCount; i++) {
      workers.add(Thread.ofPlatform().daemon().name("slab-ingest-" + i).start(this::work));
    }
  }

  private void work() {
    BlockParser parser = new BlockParser(spec, BlockReader.MAX_LINE_BYTES);
    try {
      while (step(parser)) {}
    } catch (InterruptedException e) {
      // Closed: nobody waits for more.
    }
  }

  private boolean step(BlockParser parser) throws InterruptedException {
    CompletableFuture<ParsedBlock> place = new CompletableFuture<>();
    InputBlocks.Numbered next;
    reading.lockInterruptibly();
    try {
      next = read(place);
    } finally {
      reading.unlock();
    }
    if (next == null) {
      return false;
    }
    try {
      place.complete(ParsedBlock.parse(parser, next, floor.of(next.input())));
    } catch (RuntimeException | Error e) {
      place.completeExceptionally(e);
    }
    buffers.add(next.block().bytes());
    return true;
  }

  /** Reads the next block and queues its place; null when there is none. */
  private InputBlocks.Numbered read(CompletableFuture<ParsedBlock> place)
      throws InterruptedException {
    if (ended) {
      return null;
    }
    InputBlocks.Numbered next = null;
    try {
      next = inputs.next(buffers.poll());
      if (next == null) {
        place.complete(null);
      }
    } catch (RuntimeException | Error e) {
      place.completeExceptionally(e);
    }
    ended = next == null;
    queue.put(place);
    return next;
  }

  @Override
  public ParsedBlock next() {
    try {
      return queue.take().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for input");
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    ended = true;
    workers.forEach(Thread::interrupt);
    boolean idle = true;
    try {
      for (Thread worker : workers) {
        idle &= worker.join(Duration.ofMillis(CLOSE_MILLIS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      idle = false;
    }
    // A worker that still reads (a silent pipe) owns the input; it is a daemon and ends with it.
    if (idle) {
      inputs.close();
    }
  }
}
