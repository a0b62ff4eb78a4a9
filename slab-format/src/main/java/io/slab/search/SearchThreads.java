package io.slab.search;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who does the steps of a search over several slabs: the calling thread alone, or all threads of
 * the engine.
 */
sealed interface SearchThreads {
  /** One piece of work. */
  interface Step {
    void at(int place, Workspace work, ThreadStats own);
  }

  /** Does a step at each place, in any order; returns when all are done. */
  void each(int from, int end, Step step);

  /** One thread, with its buffers. */
  record Alone(Workspace work, ThreadStats own) implements SearchThreads {
    @Override
    public void each(int from, int end, Step step) {
      for (int place = from; place < end; place++) {
        step.at(place, work, own);
      }
    }
  }

  /**
   * The threads of an engine.
   *
   * @param stats one for each thread
   */
  record All(QueryEngine engine, WorkerThreads workers, List<ThreadStats> stats)
      implements SearchThreads {
    @Override
    public void each(int from, int end, Step step) {
      AtomicInteger next = new AtomicInteger(from);
      workers.run(Math.min(end - from, stats.size()), number -> work(next, end, step, number));
    }

    private void work(AtomicInteger next, int end, Step step, int number) {
      Workspace work = engine.borrow();
      try {
        for (int place = next.getAndIncrement(); place < end; place = next.getAndIncrement()) {
          step.at(place, work, stats.get(number));
        }
      } catch (RuntimeException | Error e) {
        next.set(end);
        throw e;
      } finally {
        engine.release(work);
      }
    }
  }
}
