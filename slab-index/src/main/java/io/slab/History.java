package io.slab;

import io.slab.index.SlabIndex;
import io.slab.namespace.AsOf;
import io.slab.search.QueryEngine;
import io.slab.writer.Restore;
import java.time.Duration;
import java.util.List;

/**
 * Earlier states of a {@link Namespace}: checkpoints, snapshots as of a moment, and the way back.
 *
 * <p><b>States.</b> A text names one: the name of a checkpoint; {@code manifest:N}; {@code lsn:N},
 * the LSN of an acknowledged write, whose whole batch counts; a time such as {@code
 * 2026-11-30T09:00Z}, by the clock of the storage; an age such as {@code 2h}. A checkpoint is kept
 * until it expires or is deleted, every other state for about as long as gc's minimum age.
 *
 * <p><b>Threads.</b> Thread-safe.
 *
 * <p><b>Exceptions.</b> As the package says; {@link io.slab.error.InvalidInputException} for a text
 * that names nothing, {@link io.slab.error.NotFoundException} for a state that is not kept, which
 * names the nearest ones.
 */
public final class History {
  private final SlabIndex index;
  private final QueryEngine engine;
  private final String name;

  History(SlabIndex index, QueryEngine engine, String name) {
    this.index = index;
    this.engine = engine;
    this.name = name;
  }

  /**
   * Makes a checkpoint: a state that has every write acknowledged before the call and that gc
   * keeps. Flushes first.
   *
   * @param checkpoint 1 to 64 of {@code a-z A-Z 0-9 . _ -}, with a letter first
   * @param keep how long, by the clock of the storage; null: until it is deleted
   * @throws io.slab.error.ConflictException when there is one of that name
   * @throws io.slab.error.NotFoundException when the namespace does not exist
   */
  public Checkpoint createCheckpoint(String checkpoint, Duration keep) {
    return Checkpoint.of(index.checkpoints(name).create(checkpoint, millis(keep)));
  }

  static long millis(Duration keep) {
    if (keep != null && keep.toMillis() < 1) {
      throw new IllegalArgumentException("a checkpoint for " + keep);
    }
    return keep == null ? 0 : keep.toMillis();
  }

  /**
   * Releases a checkpoint; snapshots that read it go on for gc's minimum age.
   *
   * @throws io.slab.error.NotFoundException when there is none of that name
   */
  public void deleteCheckpoint(String checkpoint) {
    index.checkpoints(name).delete(checkpoint);
  }

  /** The checkpoints that are kept, oldest first. */
  public List<Checkpoint> checkpoints() {
    return index.checkpoints(name).list().stream().map(Checkpoint::of).toList();
  }

  /**
   * The namespace as it was. Costs up to two listings and the reading of a manifest, and of the log
   * between it and the moment.
   *
   * @param state as the class says
   */
  public Snapshot snapshot(String state) {
    return new Snapshot(index.spec(), engine, index.past(name).snapshot(AsOf.parse(state)));
  }

  /**
   * Brings an earlier state back: what was written since is replaced, at once for every reader.
   * Writes that are acknowledged while it runs apply to the state that was brought back, or are
   * replaced. The state before it can be brought back in the same way.
   *
   * @param state as the class says
   * @throws io.slab.error.NotFoundException when it is not kept; nothing is changed
   */
  public Restored restore(String state) {
    Restore.Result result = index.restore(name).run(index.past(name).find(AsOf.parse(state)));
    return new Restored(result.manifest(), "lsn:" + result.replacedLsn());
  }
}
