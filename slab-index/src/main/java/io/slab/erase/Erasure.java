package io.slab.erase;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.CompactionResult;
import io.slab.compaction.Compactor;
import io.slab.erase.EraseResult.Left;
import io.slab.erase.EraseResult.Until;
import io.slab.error.CancellationToken;
import io.slab.error.ConflictException;
import io.slab.error.DataException;
import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.gc.GarbageCollector;
import io.slab.gc.GcRequest;
import io.slab.manifest.Appends;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.SlabEntry;
import io.slab.model.Limits;
import io.slab.model.Ulid;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.NamespaceState;
import io.slab.writer.CheckedDeletes;
import io.slab.writer.Checkpoints;
import io.slab.writer.NamespaceWriter;
import io.slab.writer.Reservations;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Erases records: deletes them, rewrites the slabs that hold something of them, and has gc remove
 * what is old enough (spec/index.md, "Erasure"). Nothing is remembered between two calls: the same
 * call again finds by itself what is left, and goes on. Safe beside writers, readers, compactions
 * and collectors. One thread only.
 */
public final class Erasure {
  /** A compaction of others may take a slab away; then the next round finds what became of it. */
  private static final int MAX_ROUNDS = 5;

  private final NamespaceHandle namespace;
  private Traces traces;
  private Holders holders;

  /** Slabs that were rewritten and have to go on carrying deletes. */
  private final Set<Ulid> carrying = new HashSet<>();

  private int slabs;
  private int removed;
  private int versions;

  /** Why gc removed nothing, or null. */
  private Left refused;

  public Erasure(NamespaceHandle namespace) {
    this.namespace = namespace;
  }

  /**
   * Erases, as far as the ages of objects allow it.
   *
   * @param cancellation asked for each row that is rewritten; what is done by then stays done
   * @throws NotFoundException when the namespace does not exist
   * @throws io.slab.error.DataException when what would have to be rewritten is damaged
   */
  public EraseResult run(EraseRequest request, CancellationToken cancellation) {
    namespace.requireIndex();
    if (!namespace.exists()) {
      throw new NotFoundException(
          "there is no namespace '" + namespace.names().namespace() + "'",
          "of one that was deleted make it anew, erase, and delete it again");
    }
    ErasedRecords target = ErasedRecords.of(namespace, request);
    traces = target.traces();
    holders = new Holders(namespace, traces);
    if (request.dryRun()) {
      return foreseen(request, target);
    }
    long deleted = delete(target.live());
    endLog();
    rewrite(holders::rows, cancellation);
    List<String> released = request.releaseCheckpoints() ? release(request) : List.of();
    collect(request);
    rewrite((manifest, entry) -> endsTombstones(manifest, entry, cancellation), cancellation);
    collect(request);
    List<Left> left = new ArrayList<>(versions(request));
    namespace.pool().trim(namespace.requireNewest().slabs());
    Waits waits = new Waits(namespace, holders, request.minAgeMillis());
    left.addAll(waits.find());
    if (refused != null) {
      left.add(refused);
    }
    left.addAll(waits.rows(request.filter() == null));
    // What was read until here is in the cache as well.
    namespace.store().forgetKept(namespace.names().folder());
    return new EraseResult(deleted, traces.size(), slabs, removed, versions, released, left);
  }

  /** Asked of a manifest and one of its slabs. */
  @FunctionalInterface
  private interface Question {
    boolean test(NamespaceManifest manifest, SlabEntry entry);
  }

  private EraseResult foreseen(EraseRequest request, ErasedRecords target) {
    int hold = 0;
    NamespaceManifest newest = namespace.requireNewest();
    for (SlabEntry entry : newest.slabs()) {
      hold += holders.any(entry) ? 1 : 0;
    }
    List<Left> left = new Waits(namespace, holders, request.minAgeMillis()).find();
    return new EraseResult(target.live().size(), traces.size(), hold, 0, 0, List.of(), left);
  }

  /** Deletes what still is what the erasure is about; returns how many records. */
  private long delete(List<String> live) {
    // Another writer may have corrected a record since the target was found.
    CheckedDeletes deletes = new CheckedDeletes(namespace, traces::isMeant, traces::spare);
    // Rows of an append come alive with its commit where nothing later deletes them.
    boolean toCome = !Appends.underWay(namespace.requireNewest()).isEmpty();
    List<String> ids = toCome ? traces.names() : live;
    long deleted = 0;
    for (int at = 0; at < ids.size(); at += Limits.MAX_BATCH_RECORDS) {
      List<String> some = ids.subList(at, Math.min(ids.size(), at + Limits.MAX_BATCH_RECORDS));
      deleted += toCome ? deletes.deleteToCome(some) : deletes.delete(some);
    }
    return deleted;
  }

  /**
   * Flushes, and puts an object without records at the end of a log whose last one says something:
   * gc never removes the last one.
   */
  private void endLog() {
    Reservations reservations = new Reservations(namespace);
    boolean ended = false;
    while (!ended) {
      NamespaceState state = reservations.open();
      try {
        ended = !holders.log(state.applied()) || reservations.reserve(state);
      } finally {
        namespace.release(state);
      }
    }
    try (NamespaceWriter writer = new NamespaceWriter(namespace)) {
      writer.flush();
    }
  }

  /** Rewrites each slab to which a question is answered with yes, by itself. */
  private void rewrite(Question question, CancellationToken cancellation) {
    for (int round = 0; round < MAX_ROUNDS; round++) {
      boolean any = false;
      NamespaceManifest newest = namespace.requireNewest();
      for (SlabEntry entry : newest.slabs()) {
        if (!carrying.contains(entry.id()) && question.test(newest, entry)) {
          any = true;
          rewrite(entry, cancellation);
        }
      }
      if (!any) {
        return;
      }
    }
  }

  /** A slab that would carry fewer deletes of erased ids if it was rewritten. */
  private boolean endsTombstones(
      NamespaceManifest manifest, SlabEntry entry, CancellationToken cancellation) {
    Compactor compactor = Compactor.of(namespace);
    try {
      return holders.endsTombstones(entry, () -> compactor.carried(manifest, entry, cancellation));
    } catch (MissingException e) {
      // The compaction finds out whether a newer manifest explains it.
      return true;
    }
  }

  private void rewrite(SlabEntry entry, CancellationToken cancellation) {
    Predicate<SlabEntry> carries = holders::tombstones;
    try {
      List<CompactionResult> done =
          Compactor.of(namespace)
              .run(CompactionRequest.alone(entry.id()), cancellation, result -> {});
      for (CompactionResult result : done) {
        slabs++;
        if (entry.deletes().cardinality() == 0) {
          // Its own rows need no delete: another slab does.
          result.outputs().stream().filter(carries).forEach(slab -> carrying.add(slab.id()));
        }
      }
    } catch (ConflictException e) {
      // What it was compacted into is looked at in the next round.
    }
  }

  /** Releases the checkpoints that hold something. */
  private List<String> release(EraseRequest request) {
    Waits waits = new Waits(namespace, holders, request.minAgeMillis());
    List<String> released = new ArrayList<>();
    for (String checkpoint : waits.checkpoints()) {
      try {
        new Checkpoints(namespace).delete(checkpoint);
        released.add(checkpoint);
      } catch (NotFoundException e) {
        // It expired meanwhile, or another process deleted it.
      }
    }
    return released;
  }

  private void collect(EraseRequest request) {
    GcRequest all = new GcRequest(request.minAgeMillis(), 1, Integer.MAX_VALUE, false);
    try {
      removed += GarbageCollector.of(namespace).run(all).removed().size();
      refused = null;
    } catch (DataException e) {
      String why = "gc removes nothing because of damage: " + e.getMessage();
      refused = new Left(namespace.names().folder(), why, Until.CAUSE, -1);
    }
  }

  private List<Left> versions(EraseRequest request) {
    OldVersions old = new OldVersions(namespace);
    if (request.dropQuarantine()) {
      removed += old.dropQuarantine();
    }
    List<Left> left = old.remove();
    versions = old.removed();
    return left;
  }
}
