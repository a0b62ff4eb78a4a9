package io.slab.writer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Batches that wait for the object of the log before theirs, in order. One thread at a time. */
final class WaitingBatches {
  /** Most bytes of one object, unless a single batch has more. */
  private static final long GROUP_BYTES = 4 << 20;

  private final Deque<WaitingBatch> waiting = new ArrayDeque<>();
  private long bytes;

  void add(WaitingBatch batch) {
    waiting.add(batch);
    bytes += batch.bytes();
  }

  /** Takes a batch out again; false when it is not here any more. */
  boolean remove(WaitingBatch batch) {
    boolean here = waiting.removeIf(other -> other == batch);
    bytes -= here ? batch.bytes() : 0;
    return here;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  int size() {
    return waiting.size();
  }

  long bytes() {
    return bytes;
  }

  /**
   * Takes the first batch and those behind it that go into the same object; empty when none waits.
   *
   * @param room most records, unless the first batch has more
   */
  List<WaitingBatch> take(int room) {
    List<WaitingBatch> group = new ArrayList<>();
    int records = 0;
    long size = 0;
    while (!waiting.isEmpty()) {
      WaitingBatch next = waiting.peek();
      records += next.records().size();
      size += next.bytes();
      boolean alone = next.merges() || (!group.isEmpty() && group.getLast().merges());
      if (!group.isEmpty() && (alone || records > room || size > GROUP_BYTES)) {
        break;
      }
      group.add(waiting.poll());
      bytes -= next.bytes();
    }
    return group;
  }

  /** Takes all. */
  List<WaitingBatch> takeAll() {
    List<WaitingBatch> all = new ArrayList<>(waiting);
    waiting.clear();
    bytes = 0;
    return all;
  }
}
