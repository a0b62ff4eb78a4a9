package io.slab.writer;

import io.slab.error.OnFailure;
import io.slab.manifest.NamespaceManifest;
import io.slab.memtable.DecodedBatch;
import io.slab.memtable.Memtable;
import io.slab.memtable.MergeRule;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.NamespaceState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * A flush on a thread of its own. The state is frozen by copying it; the writer goes on with the
 * original and hands over what it applies meanwhile, so that the state after the flush is made
 * without reading the log again: the new manifest, and these objects applied to it. All methods are
 * the writer's, under its lock.
 */
final class BackgroundFlush {
  private final NamespaceHandle namespace;
  private final NamespaceState frozen;
  private final int frozenRecords;
  private final long frozenBytes;
  private final List<DecodedBatch> since = new ArrayList<>();
  private final FutureTask<NamespaceManifest> task = new FutureTask<>(this::flush);
  private long operations;

  private BackgroundFlush(NamespaceHandle namespace, NamespaceState state) {
    this.namespace = namespace;
    this.frozen = namespace.fork(state);
    this.frozenRecords = frozen.memtable().operations();
    this.frozenBytes = frozen.memtable().bytes();
  }

  /** Begins to flush a state, which the caller may change afterwards. */
  static BackgroundFlush start(NamespaceHandle namespace, NamespaceState state) {
    BackgroundFlush flush = new BackgroundFlush(namespace, state);
    return OnFailure.undo(
        () -> namespace.release(flush.frozen),
        () -> {
          Thread.ofPlatform().daemon().name("slab-flush").start(flush.task);
          return flush;
        });
  }

  private NamespaceManifest flush() {
    try {
      return new Flush(namespace, frozen).run();
    } finally {
      namespace.release(frozen);
    }
  }

  /** Takes what was applied to the original since the beginning, in order. */
  void applied(DecodedBatch batch) {
    since.add(batch);
    operations += batch.ops().size();
  }

  /** Records and deletes that came in since the beginning, at least. */
  long records(Memtable now) {
    return Math.max(operations, now.operations() - frozenRecords);
  }

  /** Bytes that came in since the beginning, by the memtable's estimate. */
  long bytes(Memtable now) {
    return now.bytes() - frozenBytes;
  }

  boolean ended() {
    return task.isDone();
  }

  /** Whether it ended, and the storage or the memory failed it; not that another was first. */
  boolean failed() {
    return task.state() == Future.State.FAILED;
  }

  /** Whether it ended and committed its manifest. */
  boolean committed() {
    return task.state() == Future.State.SUCCESS && task.resultNow() != null;
  }

  /** Waits for the end, success or failure, errors of the virtual machine included. */
  void await() {
    try {
      result();
    } catch (RuntimeException | Error e) {
      // A writer that gives up the state does not need to know; what is in the log is safe.
    }
  }

  /**
   * Waits for the end and gives the state after it.
   *
   * @return null when another process committed first, or the store or the memory failed: what to
   *     do next follows from the storage
   */
  NamespaceState finish() {
    NamespaceManifest manifest;
    try {
      manifest = result();
    } catch (RuntimeException | VirtualMachineError e) {
      // No call of the writer asked for it: the next flush is waited for, and says what is wrong.
      return null;
    }
    if (manifest == null) {
      return null;
    }
    NamespaceState next = namespace.at(manifest);
    return OnFailure.undo(
        () -> namespace.release(next),
        () -> {
          since.forEach(batch -> next.apply(batch, MergeRule.KEEP_SMALLER));
          return next;
        });
  }

  private NamespaceManifest result() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          // A flush under way is not abandoned: it would have to be done again.
          interrupted = true;
        } catch (ExecutionException e) {
          throw rethrown(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException rethrown(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
  }
}
