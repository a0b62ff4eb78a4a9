package io.slab.lsm;

import io.slab.error.CorruptException;
import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.format.SlabView;
import io.slab.io.Utf8;
import io.slab.manifest.CommitRules;
import io.slab.manifest.DeletionVector;
import io.slab.manifest.ManifestLog;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.manifest.NamespaceManifest.WalCommit;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SlabDeletes;
import io.slab.manifest.SlabEntry;
import io.slab.manifest.WalLog;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Ulid;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.wal.WalLayout;
import io.slab.wal.WalObject;
import io.slab.wal.WalWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * One namespace of one index: reads its state from storage, creates and drops it. Readers and
 * writers of one process share it and with it the opened slabs. Thread-safe.
 */
public final class NamespaceHandle implements AutoCloseable {
  /** Written into manifests; informative. */
  static final String PROGRAM = "slab 0.1.0";

  /**
   * How often reading starts again because the namespace moved on, and because a listing raced with
   * a create.
   */
  private static final int MAX_RESTARTS = 100;

  private static final int MAX_STALE = 5;

  private final ObjectStore store;
  private final NamespaceNames names;
  private final IndexSpec spec;
  private final Environment environment;
  private final ManifestLog manifests;
  private final WalLog wal;
  private final SlabPool pool;
  private final SlabFiles files;
  private final IndexWatch index;

  /** A namespace of an index that is never dropped, for tests. */
  NamespaceHandle(
      ObjectStore store,
      String namespace,
      IndexSpec spec,
      Environment environment,
      SlabFiles files,
      Retry retry) {
    this(store, namespace, spec, environment, files, retry, IndexPresence.ALWAYS);
  }

  /**
   * @param index asked with each operation that reads, and whenever a writer reads the namespace
   *     anew, not for each write
   */
  public NamespaceHandle(
      ObjectStore store,
      String namespace,
      IndexSpec spec,
      Environment environment,
      SlabFiles files,
      Retry retry,
      IndexPresence index) {
    this.store = store;
    this.names = new NamespaceNames(namespace);
    this.spec = spec;
    this.environment = environment;
    this.files = files;
    this.index = new IndexWatch(store, index);
    this.manifests = new ManifestLog(store, names, retry);
    this.wal = new WalLog(store, names, manifests, retry);
    this.pool = new SlabPool(store, names, spec, files);
  }

  ObjectStore store() {
    return store;
  }

  /** Name of its folder below {@code ns/}. */
  public String folder() {
    return NamespaceNames.encode(names.namespace());
  }

  /** True when a manifest was seen: there is one for as long as the index is there. */
  public boolean wasRead() {
    return manifests.wasRead();
  }

  NamespaceNames names() {
    return names;
  }

  IndexSpec spec() {
    return spec;
  }

  Environment environment() {
    return environment;
  }

  ManifestLog manifests() {
    return manifests;
  }

  WalLog wal() {
    return wal;
  }

  SlabFiles files() {
    return files;
  }

  SlabPool pool() {
    return pool;
  }

  /** Throws when the index was dropped. */
  void requireIndex() {
    index.require();
  }

  /** Says that the index was read a moment ago, while the folders of this namespace were listed. */
  public void announced() {
    index.announced();
  }

  /**
   * The newest manifest, or null when there never was one, which is not believed without evidence.
   *
   * @throws MissingException when the manifests are lost
   * @throws NotFoundException when the whole index went away
   */
  NamespaceManifest newest() {
    NamespaceManifest newest;
    try {
      newest = manifests.newest();
    } catch (MissingException e) {
      // An index that was dropped or moved is no damage.
      index.require();
      throw e;
    }
    if (newest == null) {
      index.requireListed();
    }
    return newest;
  }

  /** True when the namespace was created, or written to, and not dropped since. */
  public boolean exists() {
    return index.read(this::existsByListing);
  }

  /** The same for a caller who asks for the index itself. */
  public boolean existsByListing() {
    NamespaceManifest newest = newest();
    if (newest == null) {
      return false;
    }
    return !newest.deleted() || !wal.listAbove(newest.walFlushedThrough()).isEmpty();
  }

  /** What is in the namespace now; empty when it does not exist. */
  public Snapshot snapshot() {
    return snapshot(false);
  }

  /**
   * The same for whoever writes the records elsewhere: its slabs are read with ordinary reads, and
   * every byte is checked when it is read, whatever was checked before.
   */
  public Snapshot snapshotToCopy() {
    return snapshot(true);
  }

  private Snapshot snapshot(boolean toCopy) {
    NamespaceState state = index.read(this::load, this::releaseAny);
    if (state == null) {
      return Snapshot.empty();
    }
    try {
      pool.trim(state.manifest().slabs());
      return toCopy ? snapshotToCopy(state) : snapshot(state);
    } finally {
      release(state);
    }
  }

  /** A snapshot of a state, which may move on afterwards. */
  Snapshot snapshot(NamespaceState state) {
    List<LiveSlab> slabs = live(state, pool::acquire);
    return snapshot(state, slabs, () -> slabs.forEach(slab -> pool.release(slab.entry().id())));
  }

  private Snapshot snapshotToCopy(NamespaceState state) {
    List<PooledSlab> own = new ArrayList<>();
    List<LiveSlab> slabs =
        live(
            state,
            entry -> {
              own.add(pool.unmapped(entry));
              return own.getLast();
            });
    return snapshot(state, slabs, () -> own.forEach(PooledSlab::release));
  }

  private static List<LiveSlab> live(NamespaceState state, Function<SlabEntry, SlabView> views) {
    state.resolve();
    List<LiveSlab> slabs = new ArrayList<>();
    for (StateSlab slab : state.slabs()) {
      if (slab.dead().getLongCardinality() < slab.entry().rows()) {
        SlabView view = views.apply(slab.entry());
        slabs.add(new LiveSlab(view, slab.entry(), slab.dead().clone()));
      }
    }
    return slabs;
  }

  private Snapshot snapshot(NamespaceState state, List<LiveSlab> slabs, Runnable onClose) {
    return new Snapshot(
        state.manifest(),
        state.exists(),
        state.applied(),
        slabs,
        state.memtable().rows(),
        store.traffic(),
        onClose);
  }

  /**
   * Reads the newest manifest and the WAL after it; starts again when the namespace moved on in
   * between.
   *
   * @return null when there is no manifest
   */
  NamespaceState load() {
    int stale = 0;
    for (int restart = 0; ; restart++) {
      NamespaceManifest newest = newest();
      if (newest == null) {
        return null;
      }
      NamespaceState state = null;
      try {
        state = at(newest);
        // Of every slab it must be known whether it has the ids that the log is about.
        List<StateSlab> slabs = state.slabs();
        Runnable open = () -> slabs.forEach(slab -> slab.view().openSoon());
        for (WalObject object : wal.readAfter(state.applied(), state.lastCommit(), open)) {
          state.apply(wal.name(object.sequence()), object);
        }
        return state;
      } catch (MissingException | CorruptException e) {
        if (state != null) {
          release(state);
        }
        // A flush and gc in between look like a hole; so does a create while the folder was listed.
        boolean moved = newest().id() != newest.id();
        if (restart == MAX_RESTARTS || (!moved && ++stale == MAX_STALE)) {
          throw e;
        }
      } catch (RuntimeException | Error e) {
        if (state != null) {
          release(state);
        }
        throw e;
      }
    }
  }

  /** What became of an attempt to commit a manifest that names new files. */
  enum Outcome {
    COMMITTED,
    /** Another process was first; it is proved that this manifest never will be. */
    LOST,
    /** Nothing was committed, since gc has condemned or deleted a file that it would name. */
    FILES_GONE
  }

  /**
   * Commits a manifest, unless files of its own are condemned or no longer there (spec/index.md,
   * the one way in which manifests that name new files are committed.
   *
   * @param manifest made from the newest one
   * @param files full names of the slabs and deletion vectors that were written for it
   */
  Outcome commit(NamespaceManifest manifest, Collection<String> files) {
    if (!mayName(manifest, files)) {
      return Outcome.FILES_GONE;
    }
    return manifests.commit(manifest) ? Outcome.COMMITTED : Outcome.LOST;
  }

  /** False when gc has condemned or deleted one of the files, as far as a manifest knows. */
  boolean mayName(NamespaceManifest manifest, Collection<String> files) {
    return files.isEmpty() || CommitRules.mayName(manifest, names, files, present(files));
  }

  private Set<String> present(Collection<String> files) {
    Set<String> present = new HashSet<>();
    ObjectStore objects = store.passingMisplaced();
    for (String folder : List.of(names.slabFolder(), names.deletesFolder())) {
      if (files.stream().anyMatch(file -> file.startsWith(folder))) {
        store.retry().run(() -> objects.list(folder, null)).forEach(o -> present.add(o.name()));
      }
    }
    return present;
  }

  private void releaseAny(NamespaceState state) {
    if (state != null) {
      release(state);
    }
  }

  /** Gives the slabs of a state back to the pool. */
  void release(NamespaceState state) {
    state.slabs().forEach(slab -> pool.release(slab.entry().id()));
  }

  /** The state that a manifest describes, without the WAL after it. Give it back. */
  NamespaceState at(NamespaceManifest manifest) {
    return new NamespaceState(spec, manifest, openSlabs(manifest));
  }

  /** A copy of a state that holds its slabs itself: both are to be given back. */
  NamespaceState fork(NamespaceState state) {
    NamespaceState fork = state.copy();
    fork.slabs().forEach(slab -> pool.acquire(slab.entry()));
    return fork;
  }

  private List<StateSlab> openSlabs(NamespaceManifest manifest) {
    List<StateSlab> slabs = new ArrayList<>();
    announceDeletes(manifest);
    for (SlabEntry entry : manifest.slabs()) {
      MutableRoaringBitmap dead = dead(manifest, entry);
      slabs.add(new StateSlab(entry, pool.acquire(entry), dead));
    }
    return slabs;
  }

  private void announceDeletes(NamespaceManifest manifest) {
    if (store.isRemote()) {
      store.announce(
          List.of(),
          manifest.slabs().stream()
              .map(slab -> slab.deletes().file())
              .filter(java.util.Objects::nonNull)
              .map(file -> names.deletesFolder() + file)
              .toList());
    }
  }

  /** The rows of a slab that a manifest calls dead; the caller's to change. */
  MutableRoaringBitmap dead(NamespaceManifest manifest, SlabEntry entry) {
    SlabDeletes deletes = entry.deletes();
    if (deletes.cardinality() == 0) {
      return new MutableRoaringBitmap();
    }
    if (deletes.inline() != null) {
      String resource = "manifest " + manifest.id() + ", deletes of slab " + entry.id();
      return DeletionVector.decode(resource, deletes.inline(), entry.rows(), deletes.cardinality());
    }
    String name = names.deletesFolder() + deletes.file();
    byte[] bytes = store.read(name, DeletionVector.maxFileBytes());
    long writtenFor = NamespaceNames.deletesManifest(deletes.file());
    return DeletionVector.decodeFile(
        name, entry.id(), writtenFor, entry.rows(), deletes.cardinality(), bytes);
  }

  /**
   * Creates the namespace unless it has a manifest already.
   *
   * @return true when this call created it (or brought a dropped one back)
   */
  public boolean create() {
    requireIndex();
    while (true) {
      NamespaceManifest newest = newest();
      if (newest == null) {
        if (createFirst()) {
          return true;
        }
      } else if (existsByListing()) {
        return false;
      } else {
        Edit edit =
            new Edit(
                "create",
                false,
                newest.lsnFlushed(),
                newest.walFlushedThrough(),
                List.of(),
                List.of());
        if (manifests.commit(next(newest, edit))) {
          return true;
        }
      }
    }
  }

  private boolean createFirst() {
    var anchor = wal.anchor(environment.newId(), environment.newId());
    TreeMap<String, Long> thresholds = new TreeMap<>(Utf8.ORDER);
    thresholds.putAll(Thresholds.defaults());
    return manifests.commit(
        NamespaceManifest.first(
            names.namespace(),
            environment.newId(),
            anchor,
            environment.now(),
            PROGRAM,
            thresholds));
  }

  /**
   * Changes thresholds; the others stay as they are.
   *
   * @param changes by the names of {@link Thresholds}
   * @return the manifest that has them, which is the present one when it does already
   * @throws io.slab.error.InvalidInputException for an unknown name or a number out of its range
   * @throws NotFoundException when the namespace does not exist
   */
  public NamespaceManifest configure(Map<String, Long> changes) {
    Thresholds.check(changes);
    requireIndex();
    Ulid commit = environment.newId();
    while (true) {
      NamespaceManifest newest = newest();
      if (newest == null || !existsByListing()) {
        throw missing();
      }
      TreeMap<String, Long> all = new TreeMap<>(newest.thresholds());
      all.putAll(changes);
      if (all.equals(newest.thresholds())) {
        return newest;
      }
      Edit edit = unchanged(newest, "configure");
      NamespaceManifest next =
          newest.next(commit, environment.now(), PROGRAM, edit).withThresholds(all);
      if (manifests.commit(next)) {
        return next;
      }
    }
  }

  /** All thresholds in force, by name; null when the namespace does not exist. */
  public SortedMap<String, Long> thresholds() {
    return index.read(() -> {
      NamespaceManifest newest = newest();
      return newest == null || !existsByListing() ? null : Thresholds.of(newest);
    });
  }

  /** Objects of the log that are in slabs already and wait for the collector; costs one listing. */
  public long flushedLogObjects() {
    return index.read(() -> {
      NamespaceManifest newest = newest();
      // The last one stays in any case.
      return newest == null
          ? 0L
          : wal.listAfter(-1).stream().filter(n -> n < newest.walFlushedThrough()).count();
    });
  }

  private NotFoundException missing() {
    return new NotFoundException(
        "there is no namespace '" + names.namespace() + "'", "see the list of namespaces");
  }

  private NamespaceManifest next(NamespaceManifest base, Edit edit) {
    return base.next(environment.newId(), environment.now(), PROGRAM, edit);
  }

  /**
   * Drops the namespace with everything in it up to now; its objects stay until gc. A write that
   * another process commits afterwards creates it anew, empty but for that write.
   *
   * @throws NotFoundException when it does not exist
   */
  public void drop() {
    requireIndex();
    while (true) {
      NamespaceState state = load();
      if (state == null || !state.exists()) {
        throw missing();
      }
      release(state);
      Edit edit =
          new Edit("drop", true, state.lastLsn(), state.applied(), List.of(), state.sinceFlush());
      if (manifests.commit(next(state.manifest(), edit))) {
        return;
      }
    }
  }

  /**
   * Closes the namespace of an index that was dropped to writers that are still open: takes their
   * next slot with a seal, an object without records, after which nobody writes without looking for
   * the index, and then the next manifest with one that changes nothing, so that a bulk load under
   * way has to look again as well. Does nothing where both are there of this drop. The seal of an
   * earlier drop that was undone, or the reservation of a bulk load, is none: a writer may have
   * looked after it.
   *
   * @param drop commit id of the settings that say so; the seal has it as its writer
   * @throws io.slab.error.SlabException when the namespace is damaged
   */
  public void seal(Ulid drop) {
    while (true) {
      NamespaceManifest newest = manifests.newest();
      if (newest == null) {
        return;
      }
      List<WalObject> objects =
          wal.readAfter(newest.walFlushedThrough(), newest.lastFlushedCommit());
      WalObject last = objects.isEmpty() ? null : objects.getLast();
      if (newest.history().stream().anyMatch(change -> change.commit().equals(drop))) {
        return;
      }
      if (last == null || !isSeal(last, drop)) {
        sealAfter(last == null ? newest.walHistory().getLast() : commitOf(last), drop);
      } else {
        Edit edit = unchanged(newest, NamespaceManifest.SEAL);
        manifests.commit(newest.next(drop, environment.now(), PROGRAM, edit));
      }
    }
  }

  private void sealAfter(WalCommit before, Ulid drop) {
    WalObject seal =
        new WalObject(before.sequence() + 1, drop, environment.newId(), before.commit(), List.of());
    wal.commit(seal, WalWriter.encode(seal));
  }

  private static boolean isSeal(WalObject object, Ulid drop) {
    return object.records().isEmpty() && object.writer().equals(drop);
  }

  /** Of a manifest with the state of the one before. */
  static Edit unchanged(NamespaceManifest parent, String operation) {
    return new Edit(
        operation,
        parent.deleted(),
        parent.lsnFlushed(),
        parent.walFlushedThrough(),
        parent.slabs(),
        List.of());
  }

  /**
   * Ends the namespace of an index that is being removed: seals it, and commits a manifest that
   * names nothing any more. Does nothing where both are there already.
   *
   * @param removal commit id of the settings that say so
   * @param underWay throws when they do not any more: asked after each look for the newest
   *     manifest, which belongs to the removed index then, so that its next slot was not free for
   *     another one
   * @return the two objects that must stay so that numbers do not begin again; empty when there is
   *     no namespace
   * @throws io.slab.error.SlabException when the namespace is damaged
   */
  public List<String> end(Ulid removal, Runnable underWay) {
    int stale = 0;
    while (true) {
      NamespaceManifest newest = manifests.newest();
      underWay.run();
      if (newest == null) {
        return List.of();
      }
      try {
        if (ended(newest, removal)) {
          return List.of(manifests.name(newest.id()), wal.name(newest.walFlushedThrough()));
        }
        seal(removal);
        newest = manifests.newest();
        underWay.run();
        List<WalCommit> commits = commitsAfter(newest);
        long through =
            commits.isEmpty() ? newest.walFlushedThrough() : commits.getLast().sequence();
        long lsn = Math.max(newest.lsnFlushed(), through << WalLayout.LSN_SHIFT);
        manifests.commit(next(newest, new Edit("drop", true, lsn, through, List.of(), commits)));
      } catch (MissingException | CorruptException e) {
        // Another process that removes the same index looks like damage when it is faster.
        boolean moved = manifests.newest().id() != newest.id();
        if (!moved && ++stale == MAX_STALE) {
          throw e;
        }
      }
    }
  }

  private boolean ended(NamespaceManifest newest, Ulid removal) {
    long through = newest.walFlushedThrough();
    return newest.deleted()
        && through > 0
        && wal.listAfter(through).isEmpty()
        && isSeal(wal.read(through), removal);
  }

  private List<WalCommit> commitsAfter(NamespaceManifest manifest) {
    return wal.readAfter(manifest.walFlushedThrough(), manifest.lastFlushedCommit()).stream()
        .map(NamespaceHandle::commitOf)
        .toList();
  }

  private static WalCommit commitOf(WalObject object) {
    return new WalCommit(object.sequence(), object.commit());
  }

  /**
   * Merges slabs; any number of processes may try at once, and the slower of two that overlap gives
   * up.
   */
  public Compactor compactor() {
    exists();
    return new Compactor(
        this, entry -> entry.vintage().isOlderThan(files.vintage(spec, entry.level())));
  }

  /** Fills the namespace, if it is empty, with slabs that are built directly. */
  public BulkLoad bulkLoad() {
    return new BulkLoad(this);
  }

  /** Removes what no reader can need any more. */
  public GarbageCollector collector() {
    exists();
    return new GarbageCollector(this);
  }

  /** A writer; any number of them may work at once, in this process and in others. */
  public NamespaceWriter writer() {
    return new NamespaceWriter(this);
  }

  @Override
  public void close() {
    pool.close();
  }
}
