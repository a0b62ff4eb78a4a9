package io.slab.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Work that mostly waits for a network, all at once, each piece on a virtual thread of its own. */
public final class Together {
  private static final ThreadLocal<Boolean> IN_ORDER = ThreadLocal.withInitial(() -> false);

  private Together() {}

  /**
   * Runs work of which nothing is done at the same time: for tests that count, since two requests
   * that are made at once may fetch the same bytes, and one after the other do not.
   */
  public static void inOrder(Runnable work) {
    IN_ORDER.set(true);
    try {
      work.run();
    } finally {
      IN_ORDER.set(false);
    }
  }

  /**
   * Runs all tasks and waits for all of them, also when some fail.
   *
   * @throws RuntimeException the failure of the first task, in their order, that failed
   */
  public static void run(List<? extends Runnable> tasks) {
    if (tasks.size() < 2 || IN_ORDER.get()) {
      tasks.forEach(Runnable::run);
      return;
    }
    List<FutureTask<Long>> running = new ArrayList<>();
    for (Runnable task : tasks) {
      running.add(start(task));
    }
    Throwable failure = null;
    for (FutureTask<Long> task : running) {
      try {
        Traffic.meet(await(task));
      } catch (RuntimeException | Error e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw unchecked(failure);
    }
  }

  /** Throws an error; returns an exception to throw. */
  private static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      return exception;
    }
    throw new AssertionError(failure);
  }

  /** Starts a task; its value is the clock of {@link Traffic} when it ended. */
  public static FutureTask<Long> start(Runnable task) {
    Traffic.Handover work = Traffic.handOver();
    FutureTask<Long> future =
        new FutureTask<>(() -> {
          Traffic.takeOver(work);
          task.run();
          return Traffic.clock();
        });
    if (IN_ORDER.get()) {
      future.run();
    } else {
      Thread.ofVirtual().name("slab-request").start(future);
    }
    return future;
  }

  /** The value of a task; an interrupt is kept for later, since requests end by themselves. */
  public static <T> T await(FutureTask<T> task) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw unchecked(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
