package io.slab.writer;

import io.slab.error.MissingException;
import io.slab.manifest.NamespaceManifest;
import io.slab.model.Limits;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.NamespaceState;
import java.util.List;

/**
 * Flushes the memtable of a writer: when it is full, when a batch would not fit, and when asked.
 * Under the writer's lock.
 */
final class MemtableFlushes {
  /** How often gc may take what a flush wrote, or would read, before it could be named. */
  private static final int MAX_GONE = 3;

  private final NamespaceHandle namespace;
  private final HeldState held;

  /** True to flush on another thread while batches go on being written. */
  private boolean background;

  MemtableFlushes(NamespaceHandle namespace, HeldState held) {
    this.namespace = namespace;
    this.held = held;
  }

  /**
   * Says how the memtable is flushed when it is full.
   *
   * @param background true for another thread, while batches go on being written
   */
  void inBackground(boolean background) {
    this.background = background;
  }

  /** Records that can be written before the next flush must begin, by what is known now. */
  long left() {
    return held.get() == null ? Limits.MAX_MEMTABLE_RECORDS : memtable().left();
  }

  private MemtableRoom memtable() {
    return new MemtableRoom(held.get(), held.flushing(), background);
  }

  /**
   * Flushes when the memtable would pass its limit, or has reached it because a flush came to
   * nothing, by what is known of it now.
   */
  void makeRoom(int records) {
    if (memtable().hasNoRoom(records)) {
      held.settle(true);
      if (memtable().hasNoRoom(records)) {
        if (background && !held.flushFailed()) {
          held.flushInBackground();
        } else {
          run();
          held.open();
        }
      }
    }
  }

  /**
   * Flushes a full memtable after a commit. A flush that fails is no failure of the batch then; the
   * next append tries again and reports it.
   */
  void runWhenFull() {
    if (held.get() == null || !memtable().isFull()) {
      return;
    }
    try {
      if (!background || held.flushFailed()) {
        run();
      } else if (held.flushing() == null) {
        held.flushInBackground();
      }
    } catch (RuntimeException | VirtualMachineError e) {
      held.forget();
    }
  }

  /** Turns everything that the held state has into slabs, and waits for that. */
  FlushResult run() {
    held.settle(true);
    long through = held.get().applied();
    long missedAt = 0;
    int gone = 0;
    while (held.get().manifest().walFlushedThrough() < through) {
      NamespaceState state = held.get();
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
        held.forget();
        throw NamespaceHandle.condemned(gone);
      }
      held.flushed();
      held.forget();
      if (manifest != null) {
        // Committed. Whether the state can be read anew is the next call's business.
        return FlushResult.of(manifest, flush.written());
      }
      held.open();
    }
    return FlushResult.of(held.get().manifest(), List.of());
  }
}
