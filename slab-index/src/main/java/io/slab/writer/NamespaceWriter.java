package io.slab.writer;

import io.slab.error.ConflictException;
import io.slab.error.DataException;
import io.slab.error.InvalidInputException;
import io.slab.error.MissingException;
import io.slab.error.OnFailure;
import io.slab.manifest.NamespaceManifest;
import io.slab.memtable.BatchCheck;
import io.slab.memtable.DecodedBatch;
import io.slab.memtable.MergeRule;
import io.slab.memtable.WriteOp;
import io.slab.model.Limits;
import io.slab.model.Ulid;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.NamespaceState;
import io.slab.snapshot.Snapshot;
import io.slab.wal.WalLayout;
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
  /** How often gc may take what a flush wrote, or would read, before it could be named. */
  private static final int MAX_GONE = 3;

  /**
   * Each lost slot means that another writer's batch went in; this many in a row means that
   * something is wrong.
   */
  private static final int MAX_LOST = 10_000;

  /** No object of the WAL has this number. */
  private static final long ANYWHERE = Long.MIN_VALUE;

  private final NamespaceHandle namespace;
  private final BatchCheck check;
  private final BatchCheck.Stage stage;
  private final Ulid writerId;

  /** Null when it must be read again: at first, and after anything went wrong. */
  private NamespaceState state;

  /** A flush of the first part of the state, or null when none is under way. */
  private BackgroundFlush flushing;

  /** True to flush on another thread while batches go on being written. */
  private boolean background;

  /** True after a flush in the background came to nothing: the next one is waited for. */
  private boolean flushFailed;

  public NamespaceWriter(NamespaceHandle namespace) {
    this.namespace = namespace;
    this.check = new BatchCheck(namespace.spec());
    this.stage = TextStage.of(namespace);
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
    List<WalRecord> records = encode(batch);
    WalObject object = append(records, batch.stream().anyMatch(WriteOp::merges));
    return new Commit(object.sequence(), object.firstLsn(), object.lastLsn(), records.size());
  }

  /**
   * Makes a batch of upserts and deletes durable only where nothing else came after what it was
   * made from.
   *
   * @param applied {@link Snapshot#walApplied} of the snapshot of this writer that it was made from
   * @return null where another batch went in since; nothing is written then, and the next {@link
   *     #snapshot} has that batch
   */
  public synchronized Commit appendAfter(long applied, List<WriteOp> batch) {
    if (batch.stream().anyMatch(WriteOp::merges)) {
      throw new IllegalArgumentException("operations that merge look at the records themselves");
    }
    List<WalRecord> records = encode(batch);
    WalObject object = append(records, false, applied);
    return object == null
        ? null
        : new Commit(object.sequence(), object.firstLsn(), object.lastLsn(), records.size());
  }

  /** Checks a batch and encodes it for {@link #append(List, boolean)}. From any thread. */
  List<WalRecord> encode(List<WriteOp> batch) {
    return check.encode(batch, stage);
  }

  /**
   * Writes records as one object of the WAL.
   *
   * @param records of one or several batches that were checked
   * @param merges true when they are to be tried out first, and then refused all together
   */
  synchronized WalObject append(List<WalRecord> records, boolean merges) {
    return append(records, merges, ANYWHERE);
  }

  private WalObject append(List<WalRecord> records, boolean merges, long after) {
    try {
      settle(false);
      open();
      makeRoom(records.size());
      WalObject object = commit(records, merges, after);
      if (state != null && memtable().isFull()) {
        flushQuietly();
      }
      return object;
    } catch (InvalidInputException e) {
      // Found on a copy: the state is what it was.
      throw e;
    } catch (RuntimeException | Error e) {
      forget();
      throw e;
    }
  }

  /**
   * A queue that writes batches through this writer without making its caller wait for each. While
   * it is open the writer flushes in the background, so that up to twice as many records as the
   * memtable usually holds may be unflushed.
   */
  public AppendQueue queue() {
    synchronized (this) {
      background = true;
    }
    return new AppendQueue(this);
  }

  /** For the queue, when it ends. */
  synchronized void flushInForeground() {
    background = false;
  }

  /** Records that can be written before the next flush must begin, by what is known now. */
  synchronized int room() {
    long limit = state == null ? Limits.MAX_MEMTABLE_RECORDS : memtable().left();
    return Math.clamp(limit, 0, WalLayout.MAX_RECORDS);
  }

  private MemtableRoom memtable() {
    return new MemtableRoom(state, flushing, background);
  }

  /** Flushes when the memtable would pass its limit, by what is known of it now. */
  private void makeRoom(int records) {
    if (memtable().isOver(records) || (flushing != null && memtable().bytesFull())) {
      settle(true);
      if (memtable().isOver(records)) {
        if (background && !flushFailed) {
          flushing = BackgroundFlush.start(namespace, state);
        } else {
          flushNow();
          open();
        }
      }
    }
  }

  /**
   * Moves to the state after a background flush.
   *
   * @param wait false to do nothing while it is still under way
   */
  private void settle(boolean wait) {
    if (flushing == null || !(wait || flushing.ended())) {
      return;
    }
    BackgroundFlush ended = flushing;
    flushing = null;
    NamespaceState next = ended.finish();
    flushFailed = next == null;
    forget();
    state = next;
    open();
  }

  /**
   * @param merges true when the batch is to be tried out first. Every attempt is tried on the very
   *     state that it will meet, for it can only be committed to the slot right after it.
   * @param after the only object of the WAL that it may follow, or {@link #ANYWHERE}
   * @return null where another object followed that one
   */
  private WalObject commit(List<WalRecord> records, boolean merges, long after) {
    // One commit id for every attempt: what became of the first ones can always be looked up.
    Ulid commit = namespace.environment().newId();
    boolean refreshed = false;
    for (int lost = 0; lost < MAX_LOST; lost++) {
      if (after != ANYWHERE && state.applied() != after) {
        return null;
      }
      long slot = state.applied() + 1;
      WalObject object = new WalObject(slot, writerId, commit, state.lastCommit(), records);
      byte[] bytes = WalWriter.encode(object);
      // Applied from the very bytes that others will read, so that no detail of coding can tell
      // us apart.
      String name = namespace.wal().name(slot);
      DecodedBatch same =
          DecodedBatch.of(name, WalReader.decode(name, slot, bytes), namespace.spec());
      NamespaceState tried = null;
      if (merges) {
        try {
          tried = tried(same);
        } catch (MissingException e) {
          if (refreshed) {
            throw e;
          }
          // Compacted and collected since we read the manifest: the newest one names others.
          refreshed = true;
          forget();
          open();
          continue;
        }
      }
      if (state.sealed()) {
        namespace.requireIndex();
      }
      if (namespace.wal().commit(object, bytes)) {
        if (tried == null) {
          applyOwn(same);
        } else {
          state = tried;
          remember(same);
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
  private NamespaceState tried(DecodedBatch batch) {
    NamespaceState copy = state.copy();
    copy.apply(batch, MergeRule.REFUSE);
    return copy;
  }

  private void apply(DecodedBatch batch) {
    state.apply(batch, MergeRule.KEEP_SMALLER);
    remember(batch);
  }

  private void remember(DecodedBatch batch) {
    if (flushing != null) {
      flushing.applied(batch);
    }
  }

  /**
   * The batch is committed by now: trouble in applying it must not be reported as a failed write.
   */
  private void applyOwn(DecodedBatch batch) {
    try {
      apply(batch);
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
        NamespaceManifest newest = namespace.newest();
        if (newest == null || newest.id() != state.manifest().id()) {
          forget();
        }
      }
    } catch (RuntimeException e) {
      forget();
    }
  }

  /** Reads what others wrote since. */
  public synchronized void refresh() {
    OnFailure.undo(
        this::forget,
        () -> {
          openOrCatchUp();
          return null;
        });
  }

  private void openOrCatchUp() {
    if (state == null) {
      open();
    } else {
      catchUp();
    }
  }

  private void open() {
    while (state == null) {
      try {
        state = namespace.load();
      } catch (DataException e) {
        namespace.requireIndex();
        throw e;
      }
      // Asked after loading: an index that is there now was not sealed before, so that a drop which
      // comes later is met in our slot.
      namespace.requireIndex();
      if (state == null) {
        new NamespaceAdmin(namespace).create();
      }
    }
  }

  private void catchUp() {
    settle(false);
    NamespaceManifest newest = namespace.newest();
    if (newest != null && newest.id() == state.manifest().id()) {
      try {
        for (WalObject object : namespace.wal().readAfter(state.applied(), state.lastCommit())) {
          String name = namespace.wal().name(object.sequence());
          apply(DecodedBatch.of(name, object, namespace.spec()));
        }
        return;
      } catch (DataException e) {
        // The namespace moved on while we read, or is damaged: reading it from its manifest will
        // tell.
      }
    }
    forget();
    open();
  }

  private void forget() {
    if (flushing != null) {
      // Never two flushes of one writer at once: they would only be in each other's way.
      flushing.await();
      flushing = null;
    }
    if (state != null) {
      namespace.release(state);
      state = null;
    }
  }

  /**
   * After a commit a failed flush is no failure of the batch; the next append tries again and
   * reports it.
   */
  private void flushQuietly() {
    try {
      if (!background || flushFailed) {
        flushNow();
      } else if (flushing == null) {
        flushing = BackgroundFlush.start(namespace, state);
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      forget();
    }
  }

  /** Turns everything acknowledged so far into slabs. Does nothing when there is nothing to do. */
  public synchronized FlushResult flush() {
    return OnFailure.undo(
        this::forget,
        () -> {
          openOrCatchUp();
          return flushNow();
        });
  }

  private FlushResult flushNow() {
    settle(true);
    long through = state.applied();
    long missedAt = 0;
    int gone = 0;
    while (state.manifest().walFlushedThrough() < through) {
      Flush flush = new Flush(namespace, state);
      NamespaceManifest manifest = null;
      try {
        manifest = flush.run();
      } catch (MissingException e) {
        // A slab was compacted and collected since we read the manifest; else it is lost.
        if (missedAt == state.manifest().id()) {
          throw e;
        }
        missedAt = state.manifest().id();
        gone++;
      }
      gone += flush.filesGone() ? 1 : 0;
      if (gone == MAX_GONE) {
        forget();
        throw NamespaceHandle.condemned(gone);
      }
      flushFailed = false;
      forget();
      if (manifest != null) {
        // Committed. Whether the state can be read anew is the next call's business.
        return FlushResult.of(manifest, flush.written());
      }
      open();
    }
    return FlushResult.of(state.manifest(), List.of());
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

  /** Whether it holds a state, which {@link #refresh} brings up to date. */
  public synchronized boolean isOpen() {
    return state != null;
  }

  /**
   * The same, unless this writer holds no state: null then. Nothing is read, and no namespace is
   * made, but for the newest manifest while a bulk load is under way.
   */
  public synchronized Snapshot held() {
    if (state != null) {
      lookForBulkLoad();
    }
    return state == null ? null : namespace.snapshot(state);
  }

  /** Gives back the memory and the slabs; a call that comes later reads the log again. */
  @Override
  public synchronized void close() {
    forget();
  }
}
