package io.slab.search;

import io.slab.store.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** Worker threads: the calling thread and {@code threads - 1} others. Thread-safe. */
final class WorkerThreads implements AutoCloseable {
  private final int threads;
  private final ExecutorService others;

  WorkerThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, got " + threads);
    }
    this.threads = threads;
    this.others =
        threads == 1
            ? null
            : Executors.newFixedThreadPool(
                threads - 1, Thread.ofPlatform().daemon().name("slab-query-", 1).factory());
  }

  int threads() {
    return threads;
  }

  /**
   * Runs {@code work} once in each of {@code workers} threads, with a number from 0, and returns
   * when all are done. The first failure is thrown; the work itself must see to it that the others
   * stop early.
   */
  void run(int workers, IntConsumer work) {
    List<Future<Long>> running = new ArrayList<>();
    long clock = Traffic.clock();
    for (int i = 1; i < Math.min(workers, threads); i++) {
      int number = i;
      Callable<Long> task =
          () -> {
            Traffic.meet(clock);
            work.accept(number);
            return Traffic.clock();
          };
      running.add(others.submit(task));
    }
    Throwable failure = null;
    try {
      work.accept(0);
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    for (Future<Long> future : running) {
      Throwable other = await(future);
      failure = failure == null ? other : failure;
    }
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  /**
   * Waits even through an interrupt: the others read memory that the caller may unmap once this
   * returns.
   */
  private static Throwable await(Future<Long> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          Traffic.meet(future.get());
          return null;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          return e.getCause();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    if (others != null) {
      others.shutdown();
    }
  }
}
