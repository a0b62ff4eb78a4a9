package io.slab.writer;

import io.slab.error.InvalidInputException;
import io.slab.error.OnFailure;
import io.slab.memtable.BatchCheck;
import io.slab.memtable.WriteOp;
import io.slab.model.Limits;
import io.slab.model.Ulid;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.Snapshot;
import io.slab.wal.WalLayout;
import io.slab.wal.WalObject;
import io.slab.wal.WalRecord;
import java.util.List;

/**
 * Writes to one namespace. Any number of writers, in any number of processes, may write at once:
 * their batches take turns by the numbers of the WAL, and each writer applies the others' on the
 * way, so that its own state is always what a reader of the storage would see. Thread-safe, one
 * call at a time.
 */
public final class NamespaceWriter implements AutoCloseable {
  private final NamespaceHandle namespace;
  private final BatchCheck check;
  private final BatchCheck.Stage stage;
  private final Ulid writerId;

  private final HeldState held;
  private final MemtableFlushes flushes;

  public NamespaceWriter(NamespaceHandle namespace) {
    this.namespace = namespace;
    this.check = new BatchCheck(namespace.spec());
    this.stage = TextStage.of(namespace);
    this.writerId = namespace.environment().newId();
    this.held = new HeldState(namespace);
    this.flushes = new MemtableFlushes(namespace, held);
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
    return append(records, merges, BatchCommit.ANYWHERE);
  }

  private WalObject append(List<WalRecord> records, boolean merges, long after) {
    try {
      held.settle(false);
      held.open();
      flushes.makeRoom(records.size());
      WalObject object =
          new BatchCommit(namespace, held, flushes, writerId).run(records, merges, after);
      flushes.runWhenFull();
      return object;
    } catch (InvalidInputException e) {
      // Found on a copy: the state is what it was.
      throw e;
    } catch (RuntimeException | Error e) {
      held.forget();
      throw e;
    }
  }

  /**
   * A queue that writes batches through this writer without making its caller wait for each. While
   * it is open the writer flushes in the background, as {@link #flushInBackground} says.
   */
  public AppendQueue queue() {
    flushInBackground(true);
    return new AppendQueue(this);
  }

  /**
   * Says whether a full memtable is flushed on another thread while batches go on being written: up
   * to twice as many records as the memtable usually holds may be unflushed then, and up to three
   * times as many while other commits, such as compactions, are before a flush. False at first.
   */
  synchronized void flushInBackground(boolean background) {
    flushes.inBackground(background);
  }

  /** Records that can be written before the next flush must begin, by what is known now. */
  synchronized int room() {
    return Math.clamp(flushes.left(), 0, WalLayout.MAX_RECORDS);
  }

  /** Reads what others wrote since. */
  public synchronized void refresh() {
    OnFailure.undo(
        held::forget,
        () -> {
          held.openOrCatchUp();
          return null;
        });
  }

  /** Turns everything acknowledged so far into slabs. Does nothing when there is nothing to do. */
  public synchronized FlushResult flush() {
    return OnFailure.undo(
        held::forget,
        () -> {
          held.openOrCatchUp();
          return flushes.run();
        });
  }

  /**
   * The state after the last call of this writer; batches that others committed since may be
   * missing.
   */
  public synchronized Snapshot snapshot() {
    held.settleToRead();
    held.lookForBulkLoad();
    held.open();
    return namespace.snapshot(held.get());
  }

  /** Whether it holds a state, which {@link #refresh} brings up to date. */
  public synchronized boolean isOpen() {
    return held.get() != null;
  }

  /**
   * The same, unless this writer holds no state: null then. No namespace is made, and nothing is
   * read but what a flush that ended a moment ago has written, and the newest manifest while a bulk
   * load is under way.
   */
  public synchronized Snapshot held() {
    held.settleToRead();
    held.lookForBulkLoad();
    return held.get() == null ? null : namespace.snapshot(held.get());
  }

  /** Gives back the memory and the slabs; a call that comes later reads the log again. */
  @Override
  public synchronized void close() {
    held.forget();
  }
}
