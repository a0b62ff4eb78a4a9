package io.slab.namespace;

import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.error.StoreException;
import io.slab.format.SlabView;
import io.slab.manifest.CommitRules;
import io.slab.manifest.Look;
import io.slab.manifest.ManifestLog;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SlabEntry;
import io.slab.manifest.WalLog;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Ulid;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.NamespaceState;
import io.slab.snapshot.PooledSlab;
import io.slab.snapshot.SlabFiles;
import io.slab.snapshot.SlabPool;
import io.slab.snapshot.Snapshot;
import io.slab.snapshot.StateSlab;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * One namespace of one index: reads its state from storage and commits its manifests. Readers and
 * writers of one process share it and with it the opened slabs. Thread-safe.
 */
public final class NamespaceHandle implements AutoCloseable {
  private final ObjectStore store;
  private final NamespaceNames names;
  private final IndexSpec spec;
  private final Environment environment;
  private final ManifestLog manifests;
  private final WalLog wal;
  private final SlabPool pool;
  private final SlabFiles files;
  private final IndexWatch index;
  private final DeadRows deadRows;
  private final StateReader states;

  /** A namespace of an index that is never dropped, for tests. */
  public NamespaceHandle(
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
    this.deadRows = new DeadRows(store, names);
    this.states = new StateReader(spec, this::newest, wal, pool, deadRows);
  }

  public ObjectStore store() {
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

  public NamespaceNames names() {
    return names;
  }

  public IndexSpec spec() {
    return spec;
  }

  public Environment environment() {
    return environment;
  }

  public ManifestLog manifests() {
    return manifests;
  }

  public WalLog wal() {
    return wal;
  }

  public SlabFiles files() {
    return files;
  }

  public SlabPool pool() {
    return pool;
  }

  /** Throws when the index was dropped. */
  public void requireIndex() {
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
  public NamespaceManifest newest() {
    return newest(Look.LIST);
  }

  /** The same, looked for in another way. */
  NamespaceManifest newest(Look look) {
    NamespaceManifest newest;
    try {
      newest = manifests.newest(look);
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

  /**
   * The newest manifest of a namespace that must have one.
   *
   * @throws NotFoundException when there never was one
   */
  public NamespaceManifest requireNewest() {
    NamespaceManifest newest = newest();
    if (newest == null) {
      throw new NotFoundException(
          "there is no namespace '" + names.namespace() + "'", "see the list of namespaces");
    }
    return newest;
  }

  /**
   * Reads while the index is watched, as {@link IndexWatch} says.
   *
   * @throws NotFoundException when the index is gone, or another one is there
   */
  public <T> T read(Supplier<T> look) {
    return index.read(look);
  }

  /** True when the namespace was created, or written to, and not dropped since. */
  public boolean exists() {
    return index.read(this::existsByListing);
  }

  /** The same for a caller who asks for the index itself. */
  public boolean existsByListing() {
    NamespaceManifest newest = newest();
    return newest != null
        && (!newest.deleted() || !wal.listAbove(newest.walFlushedThrough()).isEmpty());
  }

  /** What is in the namespace now; empty when it does not exist. */
  public Snapshot snapshot() {
    return snapshot(false);
  }

  /**
   * The same for a caller that writes the records elsewhere: its slabs are read with ordinary
   * reads, and every byte is checked when it is read, even if it was checked before.
   */
  public Snapshot snapshotToCopy() {
    return snapshot(true);
  }

  private Snapshot snapshot(boolean toCopy) {
    NamespaceState state = index.read(() -> states.load(Look.READ, this::at), states::release);
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
  public Snapshot snapshot(NamespaceState state) {
    List<LiveSlab> slabs = live(state, pool::acquire);
    return snapshot(state, slabs, () -> slabs.forEach(slab -> pool.release(slab.entry().id())));
  }

  Snapshot snapshotToCopy(NamespaceState state) {
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
        spec.textIndex() != null,
        onClose);
  }

  /**
   * Reads the newest manifest and the WAL after it; starts again when the namespace moved on in
   * between.
   *
   * @return null when there is no manifest
   */
  public NamespaceState load() {
    return states.load(Look.LIST, this::at);
  }

  /**
   * The same with more slabs than the manifest names.
   *
   * @param begin the state that a manifest describes, without the log after it
   */
  public NamespaceState load(Function<NamespaceManifest, NamespaceState> begin) {
    return states.load(Look.LIST, begin);
  }

  /**
   * Commits a manifest, unless files of its own are condemned or no longer there (spec/index.md,
   * the one way in which manifests that name new files are committed.
   *
   * @param manifest made from the newest one
   * @param files full names of the slabs and deletion vectors that were written for it
   */
  public CommitOutcome commit(NamespaceManifest manifest, Collection<String> files) {
    if (!mayName(manifest, files)) {
      return CommitOutcome.FILES_GONE;
    }
    return manifests.commit(manifest) ? CommitOutcome.COMMITTED : CommitOutcome.LOST;
  }

  /** False when gc has condemned or deleted one of the files, as far as a manifest knows. */
  public boolean mayName(NamespaceManifest manifest, Collection<String> files) {
    return files.isEmpty() || CommitRules.mayName(manifest, names, files, present(files));
  }

  /** For writers whose slabs gc took each time; nothing of theirs is committed. */
  public static StoreException condemned(int times) {
    return new StoreException(
        StoreException.Kind.TEMPORARY,
        "gc took slabs before they could be named, or read, " + times + " times in a row",
        "nothing was changed; give gc a longer --min-age than this takes, and run it again",
        null);
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

  /** Gives the slabs of a state back to the pool. */
  public void release(NamespaceState state) {
    states.release(state);
  }

  /** The state that a manifest describes, without the WAL after it. Give it back. */
  public NamespaceState at(NamespaceManifest manifest) {
    return states.at(manifest);
  }

  /**
   * The same with more slabs behind those of the manifest, which no manifest names so far.
   *
   * @param dead what is dead besides, by slab
   */
  public NamespaceState at(
      NamespaceManifest manifest, List<SlabEntry> more, Map<Ulid, MutableRoaringBitmap> dead) {
    return states.at(manifest, more, dead);
  }

  /** A copy of a state that holds its slabs itself: both are to be given back. */
  public NamespaceState fork(NamespaceState state) {
    NamespaceState fork = state.copy();
    fork.slabs().forEach(slab -> pool.acquire(slab.entry()));
    return fork;
  }

  /** The rows of a slab that a manifest calls dead; the caller's to change. */
  public MutableRoaringBitmap dead(NamespaceManifest manifest, SlabEntry entry) {
    return deadRows.of(manifest, entry);
  }

  @Override
  public void close() {
    pool.close();
  }
}
