package io.slab.writer;

import io.slab.check.CheckLevel;
import io.slab.check.Problem;
import io.slab.error.ConflictException;
import io.slab.error.CorruptException;
import io.slab.error.DataException;
import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.format.SlabTombstones;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.manifest.NamespaceManifest.WalCommit;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.MemRows;
import io.slab.model.RangeTombstone;
import io.slab.model.Ulid;
import io.slab.model.Version;
import io.slab.namespace.CommitOutcome;
import io.slab.namespace.Moment;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.PastStates;
import io.slab.snapshot.NamespaceState;
import io.slab.store.ByteSource;
import io.slab.wal.WalLayout;
import io.slab.wal.WalObject;
import io.slab.wal.WalWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings an earlier state of a namespace back (spec/index.md, "Restore"): a reservation in the log
 * says which writes are replaced, and a manifest names the slabs of that state. What was there
 * before stays a state as any other, to go back to. One thread only.
 */
public final class Restore {
  private static final int MAX_LOST = 1_000;
  private static final int MAX_STALE = 5;

  /**
   * What was committed.
   *
   * @param manifest the one that has the earlier state
   * @param replacedLsn names the state before it: every write up to this LSN
   */
  public record Result(long manifest, long replacedLsn) {}

  private final NamespaceHandle namespace;
  private final PastStates past;
  private final Ulid writerId;

  /** Slabs as the new manifest names them, and what of it was written for it. */
  private record Prepared(List<SlabEntry> slabs, Flush written, Runnable trace) {
    void discard() {
      trace.run();
      if (written != null) {
        written.discard();
      }
    }
  }

  public Restore(NamespaceHandle namespace) {
    this.namespace = namespace;
    this.past = new PastStates(namespace);
    this.writerId = namespace.environment().newId();
  }

  /**
   * Restores.
   *
   * @param moment of this namespace, found a moment ago
   * @throws NotFoundException when gc took some of it meanwhile; nothing is changed
   * @throws ConflictException when the namespace did not exist at that moment
   */
  public Result run(Moment moment) {
    return run(moment, CheckLevel.QUICK);
  }

  /**
   * The same with a longer look at the slabs that come back and that the newest manifest does not
   * name.
   *
   * @param level how much of them is read before anything is changed
   * @throws io.slab.error.CorruptException when one is damaged; nothing is changed then
   */
  public Result run(Moment moment, CheckLevel level) {
    if (moment.manifest().deleted() && moment.isManifest()) {
      throw new ConflictException(
          "the namespace '" + namespace.names().namespace() + "' was deleted at that moment",
          "name a state before, or delete the namespace");
    }
    requireSound(moment.manifest(), level);
    int stale = 0;
    for (int lost = 0; lost < MAX_LOST; lost++) {
      namespace.requireIndex();
      NamespaceManifest newest = namespace.requireNewest();
      List<WalCommit> replaced;
      try {
        replaced = replaced(newest);
      } catch (DataException e) {
        if (namespace.newest().id() == newest.id() && ++stale == MAX_STALE) {
          throw e;
        }
        continue;
      }
      Result result = replaced == null ? null : attempt(newest, moment, replaced);
      if (result != null) {
        return result;
      }
    }
    throw new ConflictException("other writers were faster " + MAX_LOST + " times in a row");
  }

  /** What is not read now may be damaged without a sign of it. */
  private void requireSound(NamespaceManifest earlier, CheckLevel level) {
    NamespaceManifest newest = namespace.requireNewest();
    Set<Ulid> now = new HashSet<>();
    newest.slabs().forEach(slab -> now.add(slab.id()));
    try {
      for (SlabEntry slab : earlier.slabs()) {
        namespace.dead(earlier, slab);
        if (!now.contains(slab.id())) {
          requireSound(namespace.names().slab(slab.id()), level);
        }
      }
    } catch (MissingException e) {
      // Of what a checkpoint keeps nothing may be missing; anything else gc may take at any time.
      long time = namespace.store().now();
      if (newest.checkpoints().stream()
          .anyMatch(kept -> kept.manifest() == earlier.id() && kept.isKept(time))) {
        throw e;
      }
      throw new NotFoundException(
          "manifest " + earlier.id() + " is not kept any more: " + e.getMessage(),
          "nothing was changed; name another state");
    }
  }

  private void requireSound(String name, CheckLevel level) {
    try (ByteSource source = namespace.store().openUnmapped(name, -1)) {
      Problem first = namespace.files().problem(source, level);
      if (first != null) {
        throw new CorruptException(
            name,
            first.offset(),
            first.problem().replaceFirst("^found ", ""),
            "a sound slab, as it would be the namespace's again",
            "nothing was changed; name another state, or save what can be read with `slab export "
                + "SLAB --salvage`");
      }
    }
  }

  /** The log after a manifest, with a reservation at its end; null when others were first. */
  private List<WalCommit> replaced(NamespaceManifest newest) {
    List<WalCommit> log = new ArrayList<>();
    WalCommit last = newest.walHistory().getLast();
    for (WalObject object :
        namespace.wal().readAfter(newest.walFlushedThrough(), newest.lastFlushedCommit())) {
      last = new WalCommit(object.sequence(), object.commit());
      log.add(last);
    }
    Ulid commit = namespace.environment().newId();
    WalObject reservation =
        new WalObject(last.sequence() + 1, writerId, commit, last.commit(), List.of());
    if (!namespace.wal().commit(reservation, WalWriter.encode(reservation))) {
      return null;
    }
    log.add(new WalCommit(reservation.sequence(), commit));
    return log;
  }

  /** Null when another process committed first. */
  private Result attempt(NamespaceManifest newest, Moment moment, List<WalCommit> replaced) {
    long through = replaced.getLast().sequence();
    long lsn = WalLayout.firstLsn(through);
    Prepared prepared = traced(prepare(moment, newest.id() + 1), lsn);
    Edit edit = new Edit(NamespaceManifest.RESTORE, false, lsn, through, prepared.slabs, replaced);
    NamespaceManifest next =
        newest
            .next(
                namespace.environment().newId(),
                namespace.environment().now(),
                Version.PROGRAM,
                edit)
            .withoutRetiredNamed();
    Set<String> named = new HashSet<>(past.files(next));
    named.removeAll(past.files(newest));
    CommitOutcome outcome = namespace.commit(next, named);
    if (outcome == CommitOutcome.COMMITTED) {
      return new Result(next.id(), lsn - 1);
    }
    prepared.discard();
    if (outcome == CommitOutcome.FILES_GONE && namespace.newest().id() == newest.id()) {
      throw new NotFoundException(
          "gc takes files of manifest " + moment.manifest().id() + ", so it is not kept any more",
          "nothing was changed; name another state");
    }
    return null;
  }

  /** What the log made of the manifest of the moment becomes slabs, as a flush writes them. */
  private Prepared prepare(Moment moment, long manifest) {
    if (moment.isManifest()) {
      return new Prepared(moment.manifest().slabs(), null, () -> {});
    }
    NamespaceState state = past.open(moment);
    try {
      Flush flush = new Flush(namespace, state);
      return new Prepared(flush.slabs(manifest), flush, () -> {});
    } finally {
      namespace.release(state);
    }
  }

  /**
   * Adds a slab of deletes that says of all older files that they count no longer, so that slabs
   * and log alone prove the state that was restored.
   */
  private Prepared traced(Prepared of, long lsn) {
    List<Ulid> kept = of.slabs.stream().map(SlabEntry::id).toList();
    SlabTombstones trace =
        new SlabTombstones(List.of(), List.of(RangeTombstone.restored(lsn, kept)), lsn);
    SlabEntry written =
        new SlabWriter(namespace).write(0, List.of(), trace, new MemRows(List.of()), () -> false);
    List<SlabEntry> slabs = new ArrayList<>(of.slabs);
    slabs.add(written);
    String name = namespace.names().slab(written.id());
    return new Prepared(slabs, of.written, () -> namespace.store().delete(name));
  }
}
