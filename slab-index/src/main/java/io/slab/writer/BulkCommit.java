package io.slab.writer;

import io.slab.error.ConflictException;
import io.slab.error.MissingException;
import io.slab.manifest.BuiltSlabs;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.manifest.SlabEntry;
import io.slab.model.Ulid;
import io.slab.model.Version;
import io.slab.namespace.CommitOutcome;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.NamespaceState;
import io.slab.writer.CommitResult.State;
import java.util.ArrayList;
import java.util.List;

/**
 * Commits slabs that were built for an empty namespace, in the process that built them or in
 * another one. The manifest is committed only while a reservation is the newest thing in the
 * namespace, and nothing was written since the first one: the rows have the LSN of that, and a
 * delete that came after would be one of them. It deletes nothing, because another process may be
 * committing the same slabs. One thread only.
 */
final class BulkCommit {
  /** Each lost round means that another process's write or flush went in. */
  static final int MAX_ROUNDS = 10_000;

  private final NamespaceHandle namespace;
  private final Reservations reservations;
  private final BuiltSlabs built;
  private final boolean sole;
  private final boolean replacing;
  private Ulid reservation;
  private long base;
  private boolean settled = true;
  private boolean distinct;

  /**
   * @param sole true when no other process has the description, and every attempt of this one is
   *     proved lost
   * @param replacing true when the rows take the place of all records of before the reservation
   */
  BulkCommit(
      NamespaceHandle namespace,
      Reservations reservations,
      BuiltSlabs built,
      boolean sole,
      boolean replacing) {
    this.namespace = namespace;
    this.reservations = reservations;
    this.built = built;
    this.sole = sole;
    this.replacing = replacing;
    this.reservation = built.reservation();
    this.base = built.base();
  }

  /** False while it is not known what became of an attempt of this commit. */
  boolean settled() {
    return settled;
  }

  CommitResult run() {
    for (int round = 0; round < MAX_ROUNDS; round++) {
      CommitResult result = attempt();
      if (result != null) {
        return result;
      }
    }
    throw lost();
  }

  static ConflictException lost() {
    return new ConflictException("other writers were faster " + MAX_ROUNDS + " times in a row");
  }

  /** Null when another process was first. */
  private CommitResult attempt() {
    NamespaceState state = reservations.open();
    try {
      long before = sole ? 0 : namespace.manifests().committedIn(state.manifest(), built);
      if (before > 0) {
        return CommitResult.committed(before);
      }
      if (!replacing && !Reservations.empty(state)) {
        return CommitResult.not(State.NOT_EMPTY);
      }
      if (state.writtenAfter(built.lsn()) || (replacing && droppedSince(state.manifest()))) {
        return CommitResult.not(State.OVERTAKEN);
      }
      if (!hasDistinctIds()) {
        return gone(state.manifest());
      }
      if (!reserved(state)) {
        return null;
      }
      BulkTrace trace = BulkTrace.write(namespace, state, built.lsn(), replacing);
      NamespaceManifest next = next(state, trace);
      settled = false;
      CommitOutcome outcome = namespace.commit(next, files(trace));
      settled = true;
      if (outcome != CommitOutcome.COMMITTED) {
        trace.delete(namespace);
      }
      return switch (outcome) {
        case COMMITTED -> CommitResult.committed(committed(next));
        case LOST -> null;
        case FILES_GONE -> gone(state.manifest());
      };
    } finally {
      namespace.release(state);
    }
  }

  /** A drop writes nothing to the log, and what would be replaced is not there any more. */
  private boolean droppedSince(NamespaceManifest manifest) {
    return manifest.history().stream()
        .anyMatch(change ->
            change.id() > built.base() && change.operation().equals(NamespaceManifest.DROP));
  }

  /**
   * Looks once for ids that are in two slabs, which refuses the commit; false when a slab is gone.
   */
  private boolean hasDistinctIds() {
    try {
      if (!distinct) {
        new SharedIds(namespace, built).refuse();
        distinct = true;
      }
      return true;
    } catch (MissingException e) {
      return false;
    }
  }

  /**
   * Files are gone; null to look again where another process may have committed them since the
   * manifest was read, and a compaction may have replaced them.
   */
  private CommitResult gone(NamespaceManifest manifest) {
    boolean moved = !sole && namespace.newest().id() != manifest.id();
    return moved ? null : CommitResult.not(State.FILES_GONE);
  }

  /** Our attempt, or that of a process with the same description, which came first. */
  private long committed(NamespaceManifest next) {
    return sole ? next.id() : CommitResult.whereCommitted(namespace, built, next);
  }

  /** True when the state ends with a reservation that no manifest has flushed yet. */
  private boolean reserved(NamespaceState state) {
    if (state.lastCommit().equals(reservation) && state.manifest().id() == base) {
      return true;
    }
    if (!reservations.reserve(state)) {
      return false;
    }
    reservation = state.lastCommit();
    base = state.manifest().id();
    return true;
  }

  private NamespaceManifest next(NamespaceState state, BulkTrace trace) {
    List<SlabEntry> slabs = new ArrayList<>(trace.slabs());
    slabs.addAll(built.slabs());
    Edit edit =
        new Edit(
            built.operation().label(),
            false,
            state.lastLsn(),
            state.applied(),
            slabs,
            state.sinceFlush());
    return state
        .manifest()
        .next(built.commit(), namespace.environment().now(), Version.PROGRAM, edit);
  }

  private List<String> files(BulkTrace trace) {
    List<String> files = new ArrayList<>(trace.files(namespace));
    for (SlabEntry slab : built.slabs()) {
      files.add(namespace.names().slab(slab.id()));
    }
    return files;
  }
}
