package io.slab.writer;

import io.slab.error.ConflictException;
import io.slab.error.MissingException;
import io.slab.memtable.BatchCheck;
import io.slab.memtable.WriteOp;
import io.slab.model.Limits;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.NamespaceState;
import io.slab.snapshot.Snapshot;
import io.slab.wal.WalObject;
import io.slab.wal.WalRecord;
import io.slab.wal.WalWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Deletes records for as long as they are what was to be deleted: whether one is, is asked on the
 * very state that the delete follows, and asked anew when another writer was first. One thread
 * only.
 */
public final class CheckedDeletes {
  /** Each lost slot means that another writer's batch went in. */
  private static final int MAX_LOST = 10_000;

  private final NamespaceHandle namespace;
  private final Reservations reservations;
  private final Predicate<VectorRecord> wanted;
  private final Consumer<String> spared;
  private final Ulid writerId;

  /**
   * @param wanted whether a live record is to be deleted
   * @param spared told the ids of records that live and are not wanted, once each
   */
  public CheckedDeletes(
      NamespaceHandle namespace, Predicate<VectorRecord> wanted, Consumer<String> spared) {
    this.namespace = namespace;
    this.reservations = new Reservations(namespace);
    this.wanted = wanted;
    this.spared = spared;
    this.writerId = namespace.environment().newId();
  }

  /** What a state makes of a batch. */
  private record Choice(List<WriteOp> deletes, List<String> spared, int live) {}

  /**
   * Deletes a batch of records.
   *
   * @param ids at most {@link Limits#MAX_BATCH_RECORDS}
   * @return how many were deleted
   * @throws io.slab.error.OutcomeUnknownException when it is not known whether they were
   */
  public int delete(List<String> ids) {
    return delete(ids, false);
  }

  /**
   * Deletes a batch of records, also such as are still to come with an earlier place in the order
   * of writes, as those of an append that is under way.
   *
   * @param ids at most {@link Limits#MAX_BATCH_RECORDS}
   * @return how many live ones were deleted
   * @throws io.slab.error.OutcomeUnknownException when it is not known whether they were
   */
  public int deleteToCome(List<String> ids) {
    return delete(ids, true);
  }

  private int delete(List<String> ids, boolean toCome) {
    boolean refreshed = false;
    for (int lost = 0; lost < MAX_LOST; lost++) {
      try {
        Choice done = attempt(ids, toCome);
        if (done != null) {
          done.spared().forEach(spared);
          return done.live();
        }
      } catch (MissingException e) {
        if (refreshed) {
          throw e;
        }
        // A slab was compacted and collected since the manifest was read.
        refreshed = true;
      }
    }
    throw new ConflictException("other writers were faster " + MAX_LOST + " times in a row");
  }

  /** Null to look again. */
  private Choice attempt(List<String> ids, boolean toCome) {
    NamespaceState state = reservations.open();
    try {
      if (new MemtableRoom(state, null, false).hasNoRoom(ids.size())) {
        flush();
        return null;
      }
      Choice choice = choose(state, ids, toCome);
      return choice.deletes().isEmpty() || commit(state, choice.deletes()) ? choice : null;
    } finally {
      namespace.release(state);
    }
  }

  private void flush() {
    try (NamespaceWriter writer = new NamespaceWriter(namespace)) {
      writer.flush();
    }
  }

  private Choice choose(NamespaceState state, List<String> ids, boolean toCome) {
    List<WriteOp> deletes = new ArrayList<>();
    List<String> spare = new ArrayList<>();
    int live = 0;
    try (Snapshot snapshot = namespace.snapshot(state)) {
      snapshot.findAhead(ids);
      for (String id : ids) {
        VectorRecord record = snapshot.find(id);
        if (record != null && !wanted.test(record)) {
          spare.add(id);
        } else if (record != null || toCome) {
          deletes.add(new WriteOp.DeleteId(id));
          live += record == null ? 0 : 1;
        }
      }
    }
    return new Choice(deletes, spare, live);
  }

  private boolean commit(NamespaceState state, List<WriteOp> deletes) {
    List<WalRecord> records =
        new BatchCheck(namespace.spec()).encode(deletes, TextStage.of(namespace));
    // A commit id of its own for every attempt: each is another batch.
    Ulid commit = namespace.environment().newId();
    WalObject object =
        new WalObject(state.applied() + 1, writerId, commit, state.lastCommit(), records);
    return namespace.wal().commit(object, WalWriter.encode(object));
  }
}
