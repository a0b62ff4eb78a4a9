package io.slab.manifest;

import io.slab.error.CorruptException;
import io.slab.error.MissingException;
import io.slab.error.StoreException;
import io.slab.manifest.CommitRules.CommitState;
import io.slab.model.Ulid;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.wal.TornWal;
import io.slab.wal.WalLayout;
import io.slab.wal.WalObject;
import io.slab.wal.WalReader;
import io.slab.wal.WalWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The WAL of one namespace: committing the next object and reading those after a position
 * (spec/index.md, "Commit protocol", rules 1, 2 and 9). Thread-safe.
 */
public final class WalLog {
  /** Objects of a remote store that are fetched at once; each may have some megabytes. */
  private static final int AT_ONCE = 32;

  private final ObjectStore store;
  private final ObjectSequence sequence;
  private final ManifestLog manifests;
  private final Retry retry;

  public WalLog(ObjectStore store, NamespaceNames names, ManifestLog manifests, Retry retry) {
    this.store = store;
    this.sequence = new ObjectSequence(store, names.walFolder(), ".wal");
    this.manifests = manifests;
    this.retry = retry;
  }

  /** Full name of an object, for errors. */
  public String name(long number) {
    return sequence.name(number);
  }

  /** The objects that are there with the times of the store, ascending by number. */
  public List<ObjectInfo> objects() {
    return retry.run(sequence::list);
  }

  /** Number of an object that {@link #objects} gave. */
  public long number(ObjectInfo object) {
    return sequence.number(object.fileName());
  }

  /** Numbers of the objects above {@code after} (-1: all). */
  public List<Long> listAfter(long after) {
    return listAfter(after, Look.LIST);
  }

  private List<Long> listAfter(long after, Look look) {
    return retry.run(() -> sequence.listAfter(after, look));
  }

  /** Reads one object. */
  public WalObject read(long number) {
    return sequence.decode(
        number,
        () -> retry.run(() -> sequence.read(number, WalLayout.MAX_BYTES)),
        bytes -> WalReader.decode(sequence.name(number), number, bytes));
  }

  /**
   * Reads every object above a position, in order. Each must follow the one before it and name it
   * as its predecessor: a name that gc freed and a stalled writer took again breaks that chain.
   *
   * @param after number of the last object already applied
   * @param commit its commit id
   * @throws MissingException for a hole
   * @throws CorruptException for a broken chain; both may only mean that the caller's manifest is
   *     no longer the newest
   */
  public List<WalObject> readAfter(long after, Ulid commit) {
    return readAfter(after, commit, Look.LIST, () -> {});
  }

  /**
   * The same, looked for in another way, and telling before the objects are read that there are
   * some.
   *
   * @param some run at most once
   */
  public List<WalObject> readAfter(long after, Ulid commit, Look look, Runnable some) {
    return read(listAbove(after, look), after, commit, some);
  }

  /**
   * The same up to an object that must be there.
   *
   * @param through its number; that of {@code after} reads nothing
   */
  public List<WalObject> readBetween(long after, Ulid commit, long through) {
    return through == after
        ? List.of()
        : read(numbersBetween(after, through), after, commit, () -> {});
  }

  /**
   * Looks for an object among the same, of which a few at once are in memory, in their order; it
   * reads on no more when it is found.
   */
  public boolean anyBetween(long after, Ulid commit, long through, Predicate<WalObject> wanted) {
    List<Long> numbers = through == after ? List.of() : numbersBetween(after, through);
    Ulid previous = commit;
    for (int from = 0; from < numbers.size(); from += AT_ONCE) {
      List<Long> some = numbers.subList(from, Math.min(numbers.size(), from + AT_ONCE));
      List<WalObject> objects = read(some, after + from, previous, () -> {});
      if (objects.stream().anyMatch(wanted)) {
        return true;
      }
      if (objects.size() < some.size()) {
        throw new MissingException(sequence.name(some.getLast()), -1, "a torn one", "an object");
      }
      previous = objects.getLast().commit();
    }
    return false;
  }

  private List<Long> numbersBetween(long after, long through) {
    List<Long> numbers = listAfter(after).stream().filter(number -> number <= through).toList();
    if (numbers.isEmpty() || numbers.getLast() < through) {
      throw new MissingException(sequence.name(through), -1, "no object", "a WAL object");
    }
    return numbers;
  }

  private List<WalObject> read(List<Long> numbers, long after, Ulid commit, Runnable some) {
    List<WalObject> objects = new ArrayList<>();
    long expected = after + 1;
    Ulid previous = commit;
    int announced = 0;
    if (!numbers.isEmpty()) {
      some.run();
    }
    for (long number : numbers) {
      if (objects.size() == announced) {
        int end = Math.min(numbers.size(), announced + AT_ONCE);
        sequence.announce(numbers.subList(announced, end));
        announced = end;
      }
      if (number != expected) {
        throw new MissingException(
            sequence.name(expected), -1, "a hole before object " + number, "a WAL object");
      }
      WalObject object;
      try {
        object = read(number);
      } catch (CorruptException e) {
        if (number == numbers.getLast() && setAsideIfTorn(number)) {
          break;
        }
        throw e;
      }
      if (!object.previous().equals(Ulid.ZERO) && !object.previous().equals(previous)) {
        throw new CorruptException(
            sequence.name(number), 64, "predecessor " + object.previous(), previous.toString());
      }
      objects.add(object);
      previous = object.commit();
      expected++;
    }
    return objects;
  }

  /**
   * As {@link #listAfter}, but believes no listing that does not show what is certainly there: the
   * highest object of a log is never deleted.
   *
   * @param after number of an object that is, or was, in the log
   * @throws MissingException when neither that object nor a higher one is listed
   */
  public List<Long> listAbove(long after) {
    return listAbove(after, Look.LIST);
  }

  /** The same, looked for in another way. */
  public List<Long> listAbove(long after, Look look) {
    List<Long> numbers = listAfter(after - 1, look);
    if (numbers.isEmpty()) {
      throw new MissingException(
          sequence.name(after), -1, "neither it nor a higher one", "the end of the log");
    }
    return numbers.getFirst() == after ? numbers.subList(1, numbers.size()) : numbers;
  }

  /**
   * Moves the last object above a position aside when a crash cut it short, where the store may
   * hold such objects. It was never acknowledged, and its number is free again.
   */
  public void setAsideTorn(long after) {
    if (store.mayHoldTornObjects()) {
      List<Long> numbers = listAfter(after);
      if (!numbers.isEmpty()) {
        setAsideIfTorn(numbers.getLast());
      }
    }
  }

  private boolean setAsideIfTorn(long number) {
    if (!store.mayHoldTornObjects()) {
      return false;
    }
    byte[] content = sequence.read(number, WalLayout.MAX_BYTES);
    return TornWal.is(number, content) && store.setAside(name(number), content);
  }

  /**
   * Makes sure that the anchor, object 0 without records, exists.
   *
   * @return commit id of the anchor, made by this process or another one
   */
  public Ulid anchor(Ulid writer, Ulid commit) {
    WalObject anchor = new WalObject(0, writer, commit, Ulid.ZERO, List.of());
    // Whether an anchor is ours does not matter, so no outcome is ambiguous: afterwards there is
    // one.
    Attempt attempt = sequence.attempt(0, WalWriter.encode(anchor), retry);
    if (attempt.created()) {
      return commit;
    }
    try {
      return read(0).commit();
    } catch (MissingException e) {
      throw attempt.exists() ? e : attempt.nothingThere();
    }
  }

  /**
   * Tries to put an object into its slot. The caller must have applied everything below the slot.
   *
   * @return true when it is committed; false when it is proved that it is not and never will be
   * @throws io.slab.error.OutcomeUnknownException when neither can be proved
   * @throws StoreException when the store failed and it is certain that nothing was written
   */
  public boolean commit(WalObject object, byte[] bytes) {
    long number = object.sequence();
    Attempt attempt = sequence.attempt(number, bytes, retry);
    return attempt.judge(() -> stateOf(attempt, number, object.commit()));
  }

  private CommitState stateOf(Attempt attempt, long number, Ulid commit) {
    if (attempt.created() && listAfter(number).isEmpty()) {
      return CommitState.COMMITTED;
    }
    // What lies in the slot is read before the manifest is asked whether the slot was ever freed.
    // The other way round,
    // our object could be flushed, collected and replaced by a stalled writer's in between, and we
    // would write twice.
    Ulid found = attempt.created() ? commit : commitAt(number);
    NamespaceManifest newest = manifests.newest();
    if (newest == null) {
      throw new MissingException(
          sequence.name(number),
          -1,
          "no manifest beside it",
          "a namespace: was the index dropped?");
    }
    CommitState state = CommitRules.wal(newest, number, commit);
    boolean decides = state == CommitState.LOOK && found != null;
    return decides ? (found.equals(commit) ? CommitState.COMMITTED : CommitState.LOST) : state;
  }

  /** The commit that lies in a slot now, or null when none does. */
  private Ulid commitAt(long number) {
    try {
      return read(number).commit();
    } catch (MissingException e) {
      return null;
    }
  }
}
