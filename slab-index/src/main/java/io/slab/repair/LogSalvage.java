package io.slab.repair;

import io.slab.error.MissingException;
import io.slab.error.SlabException;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.ObjectSequence;
import io.slab.model.Ulid;
import io.slab.store.ObjectStore;
import io.slab.wal.TornWal;
import io.slab.wal.WalLayout;
import io.slab.wal.WalObject;
import io.slab.wal.WalReader;
import io.slab.wal.WalSalvage;
import java.util.ArrayList;
import java.util.List;

/**
 * The end of a log, read as far as it can be: each object above a number once and in order, with a
 * gap for each operation that is lost. One thread only.
 */
final class LogSalvage {
  private final ObjectStore store;
  private final ObjectSequence sequence;
  private final Losses losses;
  private final List<RepairStep> steps = new ArrayList<>();
  private final List<WalObject> objects = new ArrayList<>();
  private long lostUpTo = -1;
  private boolean endLost;

  private LogSalvage(ObjectStore store, NamespaceNames names, Losses losses) {
    this.store = store;
    this.sequence = new ObjectSequence(store, names.walFolder(), ".wal");
    this.losses = losses;
  }

  /**
   * Reads the log.
   *
   * @param flushed number of an object up to which everything is in slabs
   * @param commit its commit id, or all zero where it is not known
   */
  static LogSalvage after(
      ObjectStore store, NamespaceNames names, long flushed, Ulid commit, Losses losses) {
    LogSalvage log = new LogSalvage(store, names, losses);
    log.read(flushed, commit);
    return log;
  }

  /**
   * The same where it is known that the object {@code flushed}, or a higher one, must be there: the
   * end of a log is never deleted.
   */
  static LogSalvage ofWhole(
      ObjectStore store, NamespaceNames names, long flushed, Ulid commit, Losses losses) {
    LogSalvage log = after(store, names, flushed, commit, losses);
    if (log.objects.isEmpty()
        && store.retry().run(() -> log.sequence.listAfter(flushed - 1)).isEmpty()) {
      log.endLost = true;
      String name = log.sequence.name(flushed);
      String problem =
          "missing: neither it nor a higher one, though the end of a log is never deleted";
      log.steps.add(new RepairStep(name, null, -1, problem, RepairStep.Remedy.SET_ASIDE));
      losses.writes(name, WalLayout.firstLsn(flushed + 1), -1);
      log.lostUpTo = Long.MAX_VALUE;
    }
    return log;
  }

  private void read(long flushed, Ulid commit) {
    long expected = flushed + 1;
    Ulid previous = commit;
    List<Long> numbers = store.retry().run(() -> sequence.listAfter(flushed));
    for (long number : numbers) {
      for (; expected < number; expected++) {
        missing(expected);
        previous = Ulid.ZERO;
      }
      byte[] content = bytes(number);
      boolean last = number == numbers.getLast();
      if (last && store.mayHoldTornObjects() && TornWal.is(number, content)) {
        return; // Never acknowledged: the next writer of the namespace moves it aside.
      }
      WalSalvage found = WalSalvage.read(sequence.name(number), number, content);
      WalObject object = found.object();
      boolean chained =
          previous.equals(Ulid.ZERO)
              || object.previous().equals(Ulid.ZERO)
              || object.previous().equals(previous);
      if (!chained) {
        broken(number, object, previous);
        object = WalSalvage.nothing(number, object.commit()).object();
      } else if (!found.sound()) {
        damaged(number, found);
      }
      objects.add(object);
      previous = object.commit();
      expected = number + 1;
    }
  }

  /** What the storage gives; nothing of an object that it cannot give. */
  private byte[] bytes(long number) {
    try {
      return store.retry().run(() -> sequence.read(number, WalLayout.MAX_BYTES));
    } catch (MissingException e) {
      return new byte[0];
    }
  }

  private void missing(long number) {
    objects.add(WalSalvage.nothing(number, Ulid.ZERO).object());
    String name = sequence.name(number);
    steps.add(
        new RepairStep(name, null, -1, "missing: a hole in the log", RepairStep.Remedy.SET_ASIDE));
    lose(name, WalLayout.firstLsn(number), end(number));
  }

  private void broken(long number, WalObject object, Ulid previous) {
    String name = sequence.name(number);
    steps.add(
        new RepairStep(
            name,
            "header",
            64,
            "names the predecessor " + object.previous() + ", the object before is " + previous,
            RepairStep.Remedy.SET_ASIDE));
    lose(name, object.firstLsn(), object.lastLsn());
  }

  private void damaged(long number, WalSalvage found) {
    String name = sequence.name(number);
    steps.add(new RepairStep(name, null, -1, problem(number), RepairStep.Remedy.SET_ASIDE));
    long first = WalLayout.firstLsn(number);
    List<Integer> lost = found.lost();
    for (int from = 0; from < lost.size(); ) {
      int to = from;
      while (to + 1 < lost.size() && lost.get(to + 1) == lost.get(to) + 1) {
        to++;
      }
      lose(name, first + lost.get(from), first + lost.get(to));
      from = to + 1;
    }
    if (found.open()) {
      lose(name, first + found.object().records().size(), end(number));
    }
  }

  private String problem(long number) {
    try {
      WalObject unused = WalReader.decode(sequence.name(number), number, bytes(number));
      return "damaged";
    } catch (SlabException e) {
      return e.getMessage();
    }
  }

  private void lose(String name, long from, long to) {
    losses.writes(name, from, to);
    lostUpTo = Math.max(lostUpTo, to);
  }

  private static long end(long number) {
    return WalLayout.lastLsn(number, WalLayout.MAX_RECORDS);
  }

  /** The objects without a hole; those that are lost are without records. */
  List<WalObject> objects() {
    return objects;
  }

  List<RepairStep> steps() {
    return steps;
  }

  /** Largest LSN of a write that is lost, -1 when none is. */
  long lostUpTo() {
    return lostUpTo;
  }

  /** True when there is no log object at all where one must be. */
  boolean endLost() {
    return endLost;
  }

  String name(long number) {
    return sequence.name(number);
  }
}
