package io.slab.lsm;

import io.slab.error.ConflictException;
import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.error.MissingException;
import io.slab.error.SlabException;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.SlabEntry;
import io.slab.model.Limits;
import io.slab.model.Ulid;
import io.slab.wal.WalObject;
import io.slab.wal.WalReader;
import io.slab.wal.WalRecord;
import io.slab.wal.WalWriter;
import java.util.List;

/**
 * Writes to one namespace. Any number of writers, in any number of processes, may write at once:
 * their batches take turns by the numbers of the WAL, and each writer applies the others' on the
 * way, so that its own state is always what a reader of the storage would see. Thread-safe, one
 * call at a time.
 */
public final class NamespaceWriter implements AutoCloseable {
  /**
   * Each lost slot means that somebody else's batch went in; this many in a row means that
   * something is wrong.
   */
  private static final int MAX_LOST = 10_000;

  private final NamespaceHandle namespace;
  private final BatchCheck check;
  private final Ulid writerId;

  /** Null when it must be read again: at first, and after anything went wrong. */
  private NamespaceState state;

  NamespaceWriter(NamespaceHandle namespace) {
    this.namespace = namespace;
    this.check = new BatchCheck(namespace.spec());
    this.writerId = namespace.environment().newId();
  }

  /**
   * Makes a batch durable and visible, creating the namespace with the first one. Flushes first
   * when the memtable would become too large.
   *
   * @param batch 1 to {@link Limits#MAX_BATCH_RECORDS} operations
   * @throws io.slab.error.InvalidInputException when the batch does not fit the index; nothing is
   *     written
   * @throws io.slab.error.StoreException when the store failed; nothing is written
   * @throws io.slab.error.OutcomeUnknownException when it is not known whether the batch is in
   */
  public synchronized Commit append(List<WriteOp> batch) {
    List<WalRecord> records = check.encode(batch);
    try {
      open();
      makeRoom(batch.size());
      WalObject object = commit(records, batch.stream().anyMatch(NamespaceWriter::merges));
      if (state != null && memtableFull()) {
        flushQuietly();
      }
      return new Commit(object.sequence(), object.firstLsn(), object.lastLsn(), records.size());
    } catch (InvalidInputException e) {
      // Found on a copy: the state is what it was.
      throw e;
    } catch (RuntimeException | Error e) {
      forget();
      throw e;
    }
  }

  /** True for operations that a writer has to try out, since they may make a record too large. */
  private static boolean merges(WriteOp op) {
    return op instanceof WriteOp.UpdateByFilter
        || (op instanceof WriteOp.PartialUpdate update && update.changes() != null);
  }

  /** Flushes when the memtable would pass its limit, by what is known of it now. */
  private void makeRoom(int records) {
    int size = state.memtable().size();
    if (size > 0 && size + records > memtableRecords()) {
      flushNow();
    }
  }

  /**
   * @param merges true when the batch is to be tried out first. Every attempt is tried on the very
   *     state that it will meet, for it can only be committed to the slot right after it.
   */
  private WalObject commit(List<WalRecord> records, boolean merges) {
    // One commit id for every attempt: whatever became of the first ones can always be looked up.
    Ulid commit = namespace.environment().newId();
    for (int lost = 0; lost < MAX_LOST; lost++) {
      long slot = state.applied() + 1;
      WalObject object = new WalObject(slot, writerId, commit, state.lastCommit(), records);
      byte[] bytes = WalWriter.encode(object);
      // Applied from the very bytes that others will read, so that no detail of coding can tell
      // us apart.
      WalObject same = WalReader.decode(namespace.wal().name(slot), slot, bytes);
      NamespaceState tried = merges ? tried(same) : null;
      if (state.sealed()) {
        namespace.requireIndex();
      }
      if (namespace.wal().commit(object, bytes)) {
        if (tried == null) {
          applyOwn(same);
        } else {
          state = tried;
        }
        lookForBulkLoad();
        return object;
      }
      catchUp();
      // What others wrote meanwhile counts as well.
      makeRoom(records.size());
    }
    throw new ConflictException("other writers were faster " + MAX_LOST + " times in a row");
  }

  /** The state with the object applied, or a refusal; the state of this writer stays. */
  private NamespaceState tried(WalObject object) {
    NamespaceState copy = state.copy();
    copy.apply(namespace.wal().name(object.sequence()), object, MergeRule.REFUSE);
    return copy;
  }

  /**
   * The batch is committed by now: trouble in applying it must not be reported as a failed write.
   */
  private void applyOwn(WalObject object) {
    try {
      state.apply(namespace.wal().name(object.sequence()), object);
    } catch (RuntimeException e) {
      // Read again by the next call, which reports it if it persists.
      forget();
    }
  }

  /**
   * A bulk load that had reserved its place below our batch may have committed rows since: they are
   * read again with the rest then. Like {@link #applyOwn} no reason to report a failed write.
   */
  private void lookForBulkLoad() {
    try {
      if (state != null && state.reserved()) {
        NamespaceManifest newest = namespace.manifests().newest();
        if (newest == null || newest.id() != state.manifest().id()) {
          forget();
        }
      }
    } catch (SlabException e) {
      forget();
    }
  }

  /** Reads what others wrote since. */
  public synchronized void refresh() {
    try {
      if (state == null) {
        open();
      } else {
        catchUp();
      }
    } catch (RuntimeException | Error e) {
      forget();
      throw e;
    }
  }

  private void open() {
    while (state == null) {
      state = namespace.load();
      // Asked after loading: an index that is there now was not sealed before, so that a drop which
      // comes later is met in our slot.
      namespace.requireIndex();
      if (state == null) {
        namespace.create();
      }
    }
  }

  private void catchUp() {
    NamespaceManifest newest = namespace.manifests().newest();
    if (newest != null && newest.id() == state.manifest().id()) {
      try {
        for (WalObject object : namespace.wal().readAfter(state.applied(), state.lastCommit())) {
          state.apply(namespace.wal().name(object.sequence()), object);
        }
        return;
      } catch (MissingException | CorruptException e) {
        // The namespace moved on while we read, or is damaged: reading it from its manifest will
        // tell.
      }
    }
    forget();
    open();
  }

  private void forget() {
    if (state != null) {
      namespace.release(state);
      state = null;
    }
  }

  private long memtableRecords() {
    return state
        .manifest()
        .threshold(NamespaceHandle.MEMTABLE_RECORDS, Limits.MAX_MEMTABLE_RECORDS);
  }

  private boolean memtableFull() {
    long bytes =
        state
            .manifest()
            .threshold(NamespaceHandle.MEMTABLE_BYTES, NamespaceHandle.DEFAULT_MEMTABLE_BYTES);
    return state.memtable().size() >= memtableRecords() || state.memtable().bytes() >= bytes;
  }

  /**
   * After a commit a failed flush is no failure of the batch; the next append tries again and
   * reports it.
   */
  private void flushQuietly() {
    try {
      flushNow();
    } catch (SlabException e) {
      forget();
    }
  }

  /** Turns everything acknowledged so far into slabs. Does nothing when there is nothing to do. */
  public synchronized FlushResult flush() {
    try {
      if (state == null) {
        open();
      } else {
        catchUp();
      }
      return flushNow();
    } catch (RuntimeException | Error e) {
      forget();
      throw e;
    }
  }

  private FlushResult flushNow() {
    long through = state.applied();
    while (state.manifest().walFlushedThrough() < through) {
      Flush flush = new Flush(namespace, state);
      NamespaceManifest manifest = flush.run();
      forget();
      open();
      if (manifest != null) {
        return result(manifest, flush.written());
      }
    }
    return result(state.manifest(), List.of());
  }

  private static FlushResult result(NamespaceManifest manifest, List<SlabEntry> written) {
    return new FlushResult(
        manifest.id(),
        written.stream().map(SlabEntry::id).toList(),
        written.stream().mapToLong(SlabEntry::rows).sum(),
        manifest.walFlushedThrough());
  }

  /**
   * The state after the last call of this writer; batches that others committed since may be
   * missing.
   */
  public synchronized Snapshot snapshot() {
    lookForBulkLoad();
    open();
    return namespace.snapshot(state);
  }

  @Override
  public synchronized void close() {
    forget();
  }
}
