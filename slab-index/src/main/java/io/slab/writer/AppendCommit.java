package io.slab.writer;

import io.slab.error.ConflictException;
import io.slab.error.MissingException;
import io.slab.manifest.Appends;
import io.slab.manifest.BuiltSlabs;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.SlabEntry;
import io.slab.model.RangeTombstone;
import io.slab.namespace.CommitOutcome;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.NamespaceState;
import io.slab.wal.WalObject;
import io.slab.writer.CommitResult.State;
import java.util.ArrayList;
import java.util.List;

/**
 * Commits the slabs of an append, in the process that built them or in another one: a flush whose
 * manifest also names them, with the rows dead that are not the newest of their id. It deletes no
 * slab of the append, because another process may be committing the same ones. One thread only.
 */
final class AppendCommit {
  /** How often other writers may take the slot of the reservation, for one state. */
  private static final int SLOTS = 100;

  private final NamespaceHandle namespace;
  private final Reservations reservations;
  private final BuiltSlabs built;
  private final AppendDeaths deaths;
  private boolean distinct;

  AppendCommit(
      NamespaceHandle namespace, Reservations reservations, BuiltSlabs built, AppendDeaths deaths) {
    this.namespace = namespace;
    this.reservations = reservations;
    this.built = built;
    this.deaths = deaths;
  }

  CommitResult run(int rounds) {
    for (int round = 0; round < rounds; round++) {
      CommitResult result = attempt(namespace.requireNewest());
      if (result != null) {
        return result;
      }
    }
    throw new ConflictException(
        "others changed the namespace '%s' while slabs were appended to it, %d times in a row"
            .formatted(namespace.names().namespace(), rounds),
        "no row was appended; commit the same slabs again when less is written, or with more"
            + " attempts",
        null);
  }

  /** Null when another process was first. */
  private CommitResult attempt(NamespaceManifest newest) {
    long before = namespace.manifests().committedIn(newest, built);
    if (before > 0) {
      return CommitResult.committed(before);
    }
    if (!Appends.underWay(newest).containsKey(built.lsn())) {
      return CommitResult.not(State.OVERTAKEN);
    }
    try {
      if (!distinct) {
        new SharedIds(namespace, built).refuse();
        distinct = true;
      }
      if (!deaths.follow(newest)) {
        return unlessMoved(newest, State.OVERTAKEN);
      }
      return commit(newest);
    } catch (MissingException e) {
      return gone(newest, e);
    }
  }

  private CommitResult commit(NamespaceManifest newest) {
    NamespaceState state =
        namespace.load(manifest ->
            manifest.id() == newest.id()
                ? namespace.at(manifest, built.slabs(), deaths.dead())
                : namespace.at(manifest));
    try {
      namespace.requireIndex();
      if (state.manifest().id() != newest.id() || !reserved(state)) {
        return null;
      }
      if (deletedAll(state)) {
        return unlessMoved(newest, State.OVERTAKEN);
      }
      Flush flush = new Flush(namespace, state, false);
      NamespaceManifest next = flush.next(Appends.end(built.lsn()), built.commit());
      CommitOutcome outcome = flush.commit(next, files());
      return switch (outcome) {
        case COMMITTED ->
            CommitResult.committed(CommitResult.whereCommitted(namespace, built, next));
        case LOST -> null;
        case FILES_GONE -> gone(newest, null);
      };
    } finally {
      namespace.release(state);
    }
  }

  /** Lets the state end with a reservation; false when the manifest moved, or others are faster. */
  private boolean reserved(NamespaceState state) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (reservations.reserve(state)) {
        return true;
      }
      if (namespace.requireNewest().id() != state.manifest().id()) {
        return false;
      }
      for (WalObject object : namespace.wal().readAfter(state.applied(), state.lastCommit())) {
        state.apply(namespace.wal().name(object.sequence()), object);
      }
    }
    return false;
  }

  /** Then nothing of the rows would be left, as nothing is of what was there before. */
  private static boolean deletedAll(NamespaceState state) {
    return state.memtable().ranges().stream()
        .anyMatch(range -> range.kind() == RangeTombstone.Kind.ALL);
  }

  private List<String> files() {
    List<String> files = new ArrayList<>();
    for (SlabEntry slab : built.slabs()) {
      files.add(namespace.names().slab(slab.id()));
    }
    return files;
  }

  /** Files are gone, as a call failed or as a listing shows. */
  private CommitResult gone(NamespaceManifest newest, MissingException cause) {
    CommitResult gone = unlessMoved(newest, State.FILES_GONE);
    if (gone != null && cause != null && namespace.mayName(newest, files())) {
      throw cause;
    }
    return gone;
  }

  /**
   * Why the slabs are not committed; null to look again where the manifest moved since: another
   * process may have committed them, a compaction replaced and gc taken what the manifest named.
   */
  private CommitResult unlessMoved(NamespaceManifest newest, State why) {
    boolean moved = namespace.requireNewest().id() != newest.id();
    return moved ? null : CommitResult.not(why);
  }
}
