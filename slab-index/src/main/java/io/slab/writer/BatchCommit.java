package io.slab.writer;

import io.slab.error.ConflictException;
import io.slab.error.MissingException;
import io.slab.memtable.DecodedBatch;
import io.slab.model.Ulid;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.NamespaceState;
import io.slab.wal.WalObject;
import io.slab.wal.WalReader;
import io.slab.wal.WalRecord;
import io.slab.wal.WalWriter;
import java.util.List;

/**
 * Commits one batch to the log, at the number after the last that is taken. Where another writer
 * takes that number first its batch is applied, and the next number is tried. Under the writer's
 * lock.
 */
final class BatchCommit {
  /** No object of the WAL has this number. */
  static final long ANYWHERE = Long.MIN_VALUE;

  /**
   * Each lost slot means that another writer's batch went in; this many in a row means that
   * something is wrong.
   */
  private static final int MAX_LOST = 10_000;

  private final NamespaceHandle namespace;
  private final HeldState held;
  private final MemtableFlushes flushes;
  private final Ulid writer;

  /** One for every attempt: what became of the first ones can always be looked up. */
  private final Ulid commit;

  /** Whether the state was read anew because a slab of it was missing. */
  private boolean refreshed;

  BatchCommit(NamespaceHandle namespace, HeldState held, MemtableFlushes flushes, Ulid writer) {
    this.namespace = namespace;
    this.held = held;
    this.flushes = flushes;
    this.writer = writer;
    this.commit = namespace.environment().newId();
  }

  /**
   * Commits.
   *
   * @param merges true when the batch is to be tried out first. Every attempt is tried on the very
   *     state that it will meet, for it can only be committed to the slot right after it.
   * @param after the only object of the WAL that it may follow, or {@link #ANYWHERE}
   * @return null where another object followed that one
   */
  WalObject run(List<WalRecord> records, boolean merges, long after) {
    for (int lost = 0; lost < MAX_LOST; lost++) {
      NamespaceState state = held.get();
      if (after != ANYWHERE && state.applied() != after) {
        return null;
      }
      long slot = state.applied() + 1;
      WalObject object = new WalObject(slot, writer, commit, state.lastCommit(), records);
      byte[] bytes = WalWriter.encode(object);
      // Applied from the very bytes that others will read, so that no detail of coding can tell
      // us apart.
      String name = namespace.wal().name(slot);
      DecodedBatch same =
          DecodedBatch.of(name, WalReader.decode(name, slot, bytes), namespace.spec());
      NamespaceState tried = merges ? tried(same) : null;
      if (merges && tried == null) {
        continue;
      }
      if (state.sealed()) {
        namespace.requireIndex();
      }
      if (namespace.wal().commit(object, bytes)) {
        held.committed(same, tried);
        return object;
      }
      held.catchUp();
      // What others wrote meanwhile counts as well.
      flushes.makeRoom(records.size());
    }
    throw new ConflictException("other writers were faster " + MAX_LOST + " times in a row");
  }

  /** The state with the batch applied; null when the held state was read anew instead. */
  private NamespaceState tried(DecodedBatch batch) {
    try {
      return held.tried(batch);
    } catch (MissingException e) {
      if (refreshed) {
        throw e;
      }
      // Compacted and collected since we read the manifest: the newest one names others.
      refreshed = true;
      held.forget();
      held.open();
      return null;
    }
  }
}
