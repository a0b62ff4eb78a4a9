package io.slab.store;

import java.util.ArrayList;
import java.util.List;

/**
 * What one piece of work asks of a remote store, round by round and by what for, whichever threads
 * do it: see {@link Traffic#begin}. Thread-safe; the thread that began it closes it.
 */
public final class TrafficTrace implements AutoCloseable {
  private final long start;
  private final List<Step> steps = new ArrayList<>();
  private long cachedBytes;

  /**
   * Requests that were made at the same time for the same purpose.
   *
   * @param round from 1: so many requests, each of which had to wait for the one before, the last
   *     of these was
   * @param what {@code index}, {@code settings}, {@code manifest}, {@code log}, {@code deletes} for
   *     objects of these kinds; of slabs {@code head}, {@code filter}, {@code lists}, {@code rows},
   *     {@code ids}, {@code matches}, or {@code search} for what was not foreseen
   * @param lists listings
   * @param reads reads of objects or ranges, those that found nothing included
   * @param bytes that were read
   */
  public record Step(long round, String what, long lists, long reads, long bytes) {}

  TrafficTrace(long start) {
    this.start = start;
  }

  synchronized void add(long round, String what, long lists, long reads, long bytes) {
    long since = round - start;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (step.round == since && step.what.equals(what)) {
        steps.set(
            i, new Step(since, what, step.lists + lists, step.reads + reads, step.bytes + bytes));
        return;
      }
    }
    steps.add(new Step(since, what, lists, reads, bytes));
  }

  synchronized void cached(long bytes) {
    cachedBytes += bytes;
  }

  /** Nothing of what the thread asks for from now on is written down here. */
  @Override
  public void close() {
    Traffic.end(this);
  }

  /** By round, and then by purpose. */
  public synchronized List<Step> steps() {
    return steps.stream().sorted(TrafficTrace::compare).toList();
  }

  private static int compare(Step a, Step b) {
    int rounds = Long.compare(a.round, b.round);
    return rounds != 0 ? rounds : a.what.compareTo(b.what);
  }

  /** The sums of all. */
  public synchronized Traffic.Counts counts() {
    long lists = 0;
    long reads = 0;
    long bytes = 0;
    long rounds = 0;
    for (Step step : steps) {
      lists += step.lists;
      reads += step.reads;
      bytes += step.bytes;
      rounds = Math.max(rounds, step.round);
    }
    return new Traffic.Counts(lists, reads, 0, bytes, 0, cachedBytes, rounds);
  }
}
