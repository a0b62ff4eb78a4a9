package io.slab.search;

import io.slab.store.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
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
    this.others = threads == 1 ? null : Executors.newFixedThreadPool(threads - 1, new Named());
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
    Traffic.Handover mine = Traffic.handOver();
    for (int i = 1; i < Math.min(workers, threads); i++) {
      running.add(others.submit(new Piece(work, i, mine)));
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
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
  }

  /** Numbers the threads; the counter of Java's own factory would be linked at the first query. */
  private static final class Named implements ThreadFactory {
    private final AtomicInteger made = new AtomicInteger();

    @Override
    public Thread newThread(Runnable work) {
      String name = "slab-query-" + made.incrementAndGet();
      return Thread.ofPlatform().daemon().name(name).unstarted(work);
    }
  }

  /** The work of one other thread; a lambda of its own kind would be linked at the first query. */
  private static final class Piece implements Callable<Long> {
    private final IntConsumer work;
    private final int number;
    private final Traffic.Handover given;

    Piece(IntConsumer work, int number, Traffic.Handover given) {
      this.work = work;
      this.number = number;
      this.given = given;
    }

    @Override
    public Long call() {
      Traffic.takeOver(given);
      work.accept(number);
      return Traffic.clock();
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
