package io.slab.writer;

import io.slab.error.CancellationToken;
import io.slab.error.ConflictException;
import io.slab.error.SlabException;
import io.slab.format.SlabInput;
import io.slab.format.SlabRequest;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.manifest.SlabDeletes;
import io.slab.manifest.SlabEntry;
import io.slab.model.Ulid;
import io.slab.model.Version;
import io.slab.namespace.LevelRules;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.NamespaceState;
import io.slab.snapshot.SlabFiles;
import io.slab.store.ObjectUpload;
import io.slab.wal.WalObject;
import io.slab.wal.WalWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Fills an empty namespace with slabs that were built directly, without log and memtable
 * (spec/index.md, "Bulk load"). All rows appear at once, with the manifest that names the slabs, or
 * none does.
 *
 * <p>A WAL object without records, the reservation, gives the rows their place in the order of
 * writes, and tells other writers that such a manifest may come. The manifest is committed only
 * while its reservation is the newest thing in the namespace: whoever wrote in between makes it
 * reserve again, and gives up the load when the namespace is no longer empty. Slabs that gc took
 * meanwhile are built again. One thread only.
 */
public final class BulkLoad {
  /** Each lost round means that somebody else's write or flush went in. */
  private static final int MAX_ROUNDS = 10_000;

  /** How often the slabs may be lost to gc before the minimum age of gc is called too short. */
  private static final int MAX_CONDEMNED = 3;

  private final NamespaceHandle namespace;
  private final Ulid writerId;
  private final Ulid commit;
  private final List<SlabEntry> slabs = new ArrayList<>();

  public BulkLoad(NamespaceHandle namespace) {
    this.namespace = namespace;
    this.writerId = namespace.environment().newId();
    this.commit = namespace.environment().newId();
  }

  /**
   * What the manifest that makes the rows visible will say about itself: whoever loses track of the
   * outcome finds the answer in the namespace's history.
   */
  public Ulid commit() {
    return commit;
  }

  /**
   * Builds and commits, creating the namespace where there is none.
   *
   * @param cancellation asked for each row of each pass; when it says so nothing of the load stays
   * @return null when the namespace is not empty, or was not any more at the end: then nothing of
   *     the load is in it and the rows may be written in the ordinary way
   * @throws io.slab.error.StoreException when the store failed; the rows are not in
   * @throws io.slab.error.OutcomeUnknownException when it is not known whether they are in
   */
  public BulkResult run(BulkRows rows, CancellationToken cancellation) {
    long start = System.nanoTime();
    NamespaceState state = reserve();
    if (state == null) {
      return null;
    }
    try {
      long lsn = state.lastLsn();
      build(state.manifest(), rows, lsn, cancellation);
      long built = System.nanoTime();
      NamespaceManifest manifest = null;
      int condemned = 0;
      for (int round = 0; manifest == null; round++) {
        if (round == MAX_ROUNDS) {
          throw new ConflictException("other writers were faster " + round + " times in a row");
        }
        NamespaceState old = state;
        state = null;
        state = currentOrDiscard(old);
        if (state == null) {
          discard();
          return null;
        }
        NamespaceManifest next = next(state);
        switch (namespace.commit(next, files())) {
          case COMMITTED -> manifest = next;
          case LOST -> {}
          case FILES_GONE -> {
            discard();
            if (++condemned == MAX_CONDEMNED) {
              throw NamespaceHandle.condemned(condemned);
            }
            build(state.manifest(), rows, lsn, cancellation);
          }
        }
      }
      return new BulkResult(manifest.id(), slabs, lsn, built - start, System.nanoTime() - built);
    } finally {
      if (state != null) {
        namespace.release(state);
      }
    }
  }

  /** The state with a new reservation as its last object, or null when there is a record. */
  private NamespaceState reserve() {
    Ulid attempt = namespace.environment().newId();
    for (int round = 0; round < MAX_ROUNDS; round++) {
      NamespaceState state = open();
      boolean reserved = false;
      try {
        if (!empty(state)) {
          return null;
        }
        WalObject object =
            new WalObject(state.applied() + 1, writerId, attempt, state.lastCommit(), List.of());
        if (namespace.wal().commit(object, WalWriter.encode(object))) {
          state.apply(namespace.wal().name(object.sequence()), object);
          reserved = true;
          return state;
        }
      } finally {
        if (!reserved) {
          namespace.release(state);
        }
      }
    }
    throw new ConflictException("other writers were faster " + MAX_ROUNDS + " times in a row");
  }

  private NamespaceState open() {
    NamespaceState state = namespace.load();
    try {
      // After loading, as any writer does: a drop that comes later is met in our slot.
      namespace.requireIndex();
    } catch (RuntimeException | Error e) {
      if (state != null) {
        namespace.release(state);
      }
      throw e;
    }
    while (state == null) {
      new NamespaceAdmin(namespace).create();
      state = namespace.load();
    }
    return state;
  }

  private static boolean empty(NamespaceState state) {
    state.resolve();
    return state.memtable().rows().isEmpty()
        && state.slabs().stream()
            .allMatch(slab -> slab.dead().getLongCardinality() == slab.entry().rows());
  }

  /**
   * The newest state, ending with a reservation of this load that no manifest has flushed yet; null
   * when somebody wrote a record. Takes over the old state.
   */
  private NamespaceState current(NamespaceState old) {
    Ulid reservation = old.lastCommit();
    long manifest = old.manifest().id();
    namespace.release(old);
    NamespaceState state = open();
    if (state.lastCommit().equals(reservation) && state.manifest().id() == manifest) {
      return state;
    }
    namespace.release(state);
    return reserve();
  }

  /** As {@link #current}; when it fails the slabs go, since every attempt so far is proved lost. */
  private NamespaceState currentOrDiscard(NamespaceState old) {
    try {
      return current(old);
    } catch (SlabException e) {
      try {
        discard();
      } catch (SlabException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private NamespaceManifest next(NamespaceState state) {
    // Slabs that are in the manifest already have no live row; gc removes their files.
    Edit edit =
        new Edit("bulk", false, state.lastLsn(), state.applied(), slabs, state.sinceFlush());
    return state.manifest().next(commit, namespace.environment().now(), Version.PROGRAM, edit);
  }

  private List<String> files() {
    return slabs.stream().map(slab -> namespace.names().slab(slab.id())).toList();
  }

  private void build(
      NamespaceManifest base, BulkRows rows, long lsn, CancellationToken cancellation) {
    LevelRules rules = LevelRules.of(base);
    int level = rules.levelFor(rows.rows());
    long parts = Math.max(1, Math.ceilDiv(rows.bytes(), rules.maxBytes(level)));
    List<RowRanges.Range> even = RowRanges.even(rows.rows(), parts);
    SlabInput all = rows.part(0, rows.rows(), lsn);
    try {
      for (RowRanges.Range range : RowRanges.cut(even, all, namespace.spec())) {
        SlabInput part = rows.part(range.from(), range.to(), lsn);
        slabs.add(writeSlab(level, new WatchedInput(part, cancellation)));
      }
    } catch (RuntimeException | Error e) {
      // Nothing was committed yet, so nobody can refer to what was written.
      discard();
      throw e;
    }
  }

  private SlabEntry writeSlab(int level, WatchedInput input) {
    Ulid id = namespace.environment().newId();
    SlabRequest request =
        new SlabRequest(
            id,
            namespace.environment().now(),
            namespace.spec(),
            namespace.names().namespace(),
            level,
            List.of(),
            List.of());
    SlabFiles.Written slab;
    long bytes;
    try (ObjectUpload upload = namespace.store().upload(namespace.names().slab(id))) {
      slab = namespace.files().write(upload, request, input);
      bytes = upload.position();
      upload.commit();
    }
    return new SlabEntry(
        id,
        level,
        bytes,
        slab.hotOffset(),
        input.rows(),
        slab.lsnMin(),
        slab.lsnMax(),
        slab.algorithm(),
        slab.vintage(),
        slab.ahead(),
        input.statistics().result(),
        SlabDeletes.NONE);
  }

  /** For slabs that no manifest names and none ever will. */
  private void discard() {
    files().forEach(namespace.store()::delete);
    slabs.clear();
  }
}
