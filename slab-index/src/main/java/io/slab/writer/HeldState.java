package io.slab.writer;

import io.slab.error.DataException;
import io.slab.error.SlabException;
import io.slab.manifest.NamespaceManifest;
import io.slab.memtable.DecodedBatch;
import io.slab.memtable.MergeRule;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.NamespaceState;
import io.slab.wal.WalObject;

/**
 * The state of a namespace that a writer holds, and the flush in the background that works on the
 * first part of it. It is read when it is needed and moved on by what this writer and others
 * commit; after anything went wrong it is given back and read again. Under the writer's lock.
 */
final class HeldState {
  /**
   * How often in a row another commit, such as that of a compaction, may be before one in the
   * background: then the next one is waited for, so that what is not flushed stays bounded.
   */
  private static final int MAX_LOST = 2;

  private final NamespaceHandle namespace;

  /** Null when it must be read again: at first, and after anything went wrong. */
  private NamespaceState state;

  /** A flush of the first part of the state, or null when none is under way. */
  private BackgroundFlush flushing;

  /** Flushes in the background that came to nothing since one was waited for, or went well. */
  private int flushesLost;

  HeldState(NamespaceHandle namespace) {
    this.namespace = namespace;
  }

  /** Null when it must be read again. */
  NamespaceState get() {
    return state;
  }

  /** The flush that is under way, or null. */
  BackgroundFlush flushing() {
    return flushing;
  }

  /** True when flushes in the background come to nothing: the next one is to be waited for. */
  boolean flushFailed() {
    return flushesLost >= MAX_LOST;
  }

  /** Notes that a flush went well. */
  void flushed() {
    flushesLost = 0;
  }

  /** Begins to flush the state on another thread. */
  void flushInBackground() {
    flushing = BackgroundFlush.start(namespace, state);
  }

  /**
   * Moves to the state after a background flush.
   *
   * @param wait false to do nothing while it is still under way
   */
  void settle(boolean wait) {
    if (flushing == null || !(wait || flushing.ended())) {
      return;
    }
    BackgroundFlush ended = flushing;
    ended();
    NamespaceState next = ended.finish();
    forget();
    state = next;
    open();
  }

  /**
   * The same for a read, which needs no flush: what is held is right without it. One that came to
   * nothing is left to the next write, and so is one whose slabs cannot be read now.
   */
  void settleToRead() {
    if (flushing == null || !flushing.committed()) {
      return;
    }
    BackgroundFlush ended = flushing;
    ended();
    NamespaceState next;
    try {
      next = ended.finish();
    } catch (SlabException e) {
      return;
    }
    forget();
    state = next;
  }

  /** Waits for the flush that is under way, and counts what became of it. */
  private void ended() {
    flushing.await();
    if (flushing.committed()) {
      flushesLost = 0;
    } else {
      flushesLost += flushing.failed() ? MAX_LOST : 1;
    }
    flushing = null;
  }

  /** Reads the state where none is held, creating the namespace where there is none. */
  void open() {
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

  /** Reads the state, or what others wrote since it was read. */
  void openOrCatchUp() {
    if (state == null) {
      open();
    } else {
      catchUp();
    }
  }

  /** Reads what others wrote since the state was read. */
  void catchUp() {
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

  /** Gives the state back, after the flush that is under way has ended. */
  void forget() {
    if (flushing != null) {
      // Never two flushes of one writer at once: they would only be in each other's way.
      ended();
    }
    if (state != null) {
      namespace.release(state);
      state = null;
    }
  }

  /** The state with the object applied, or a refusal; the held state stays. */
  NamespaceState tried(DecodedBatch batch) {
    NamespaceState copy = state.copy();
    copy.apply(batch, MergeRule.REFUSE);
    return copy;
  }

  /**
   * Moves on by a batch of this writer. The batch is committed by now: trouble in applying it must
   * not be reported as a failed write.
   *
   * @param tried the state with the batch applied, or null where it was not tried
   */
  void committed(DecodedBatch batch, NamespaceState tried) {
    if (tried == null) {
      applyOwn(batch);
    } else {
      state = tried;
      remember(batch);
    }
    lookForBulkLoad();
  }

  private void applyOwn(DecodedBatch batch) {
    try {
      apply(batch);
    } catch (RuntimeException e) {
      // Read again by the next call, which reports it if it persists.
      forget();
    }
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
   * A bulk load that had reserved its place below our batch may have committed rows since: they are
   * read again with the rest then. Like {@link #applyOwn} no reason to report a failed write.
   */
  void lookForBulkLoad() {
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
}
