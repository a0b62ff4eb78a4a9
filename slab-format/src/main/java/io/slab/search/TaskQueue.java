package io.slab.search;

import io.slab.error.CancellationToken;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The pieces of one search, handed out in order to the threads that are free. */
final class TaskQueue {
  /**
   * A stretch of rows (or of windows) of one source: long enough that handing it out costs nothing,
   * short enough that threads finish together.
   */
  record Task(int source, int first, int end) {}

  private static final int DENSE_BYTES = 4 << 20;
  private static final int MIN_ROWS = 1024;
  private static final int WINDOW_TASKS = 128;

  private final List<Task> tasks = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private final CancellationToken cancellation;

  TaskQueue(CancellationToken cancellation) {
    this.cancellation = cancellation;
  }

  /** Cuts the rows of a source into tasks whose bounds are multiples of {@code step}. */
  void add(int source, int rows, int dimension, int step) {
    long bytes = Math.max(4, 4L * dimension);
    long target = Math.max(dimension == 0 ? MIN_ROWS : 1, DENSE_BYTES / bytes);
    int length = (int) Math.min(1 << 20, (target + step - 1) / step * step);
    for (int first = 0; first < rows; ) {
      int end = rows - first <= length ? rows : first + length;
      tasks.add(new Task(source, first, end));
      first = end;
    }
  }

  /**
   * Cuts the windows of an inverted index into tasks, which count places in the order of the
   * search.
   */
  void addWindows(int source, int windows) {
    int length = Math.max(1, windows / WINDOW_TASKS);
    for (int first = 0; first < windows; first += length) {
      tasks.add(new Task(source, first, Math.min(windows, first + length)));
    }
  }

  /** One task for each query, for sources that are searched query by query. */
  void addQueries(int source, int queries) {
    for (int query = 0; query < queries; query++) {
      tasks.add(new Task(source, query, query + 1));
    }
  }

  int size() {
    return tasks.size();
  }

  /** The next task, or null when there is none left; throws when the search is cancelled. */
  Task take() {
    cancellation.check();
    int index = next.getAndIncrement();
    return index < tasks.size() ? tasks.get(index) : null;
  }

  /** Hands out no task any more. */
  void stop() {
    next.set(tasks.size());
  }
}
