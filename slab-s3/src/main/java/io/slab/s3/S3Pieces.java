package io.slab.s3;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Fetches long ranges in pieces, several at a time. Thread-safe. */
final class S3Pieces implements AutoCloseable {
  /** Longer ranges are split. */
  static final long PIECE = 8L << 20;

  /** Pieces at once, of all ranges together. */
  private static final int PARALLEL = 8;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore running = new Semaphore(PARALLEL);

  /** Fetches one piece. */
  interface Fetch {
    MemorySegment bytes(long offset, long length);
  }

  MemorySegment read(long offset, long length, Fetch fetch) {
    if (length <= PIECE) {
      return fetch.bytes(offset, length);
    }
    MemorySegment whole = Arena.ofAuto().allocate(length, 4096);
    List<Future<?>> pieces = new ArrayList<>();
    for (long at = 0; at < length; at += PIECE) {
      long from = at;
      long size = Math.min(PIECE, length - at);
      pieces.add(
          threads.submit(() -> {
            running.acquire();
            try {
              whole.asSlice(from, size).copyFrom(fetch.bytes(offset + from, size));
            } finally {
              running.release();
            }
            return null;
          }));
    }
    await(pieces);
    return whole.asReadOnly();
  }

  /** Waits for all; of several failures the first counts. */
  static void await(List<Future<?>> tasks) {
    RuntimeException failure = null;
    for (Future<?> task : tasks) {
      try {
        if (failure == null) {
          task.get();
        } else {
          task.cancel(true);
        }
      } catch (ExecutionException e) {
        failure =
            e.getCause() instanceof RuntimeException r
                ? r
                : new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failure = new IllegalStateException("interrupted", e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
