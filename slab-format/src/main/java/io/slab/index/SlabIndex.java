package io.slab.index;

import io.slab.error.ConflictException;
import io.slab.error.CorruptException;
import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.error.UnsupportedException;
import io.slab.lsm.BulkLoad;
import io.slab.lsm.Compactor;
import io.slab.lsm.FormatSlabs;
import io.slab.lsm.GarbageCollector;
import io.slab.lsm.NamespaceHandle;
import io.slab.lsm.NamespaceWriter;
import io.slab.lsm.SlabFiles;
import io.slab.lsm.Snapshot;
import io.slab.manifest.IndexJson;
import io.slab.manifest.ManifestLog;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SettingsLog;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.store.Together;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * An index on a store: the entry to everything else. Opening reads one small object; everything
 * else is read when asked for. Thread-safe. Closing closes the slabs that snapshots and writers
 * use, but not the store.
 */
public final class SlabIndex implements AutoCloseable {
  private final ObjectStore store;
  private final Environment environment;
  private final IndexSpec spec;
  private final SlabFiles files;
  private final Retry retry;
  private final SettingsLog settings;
  private final Map<String, NamespaceHandle> handles;

  /** False for a loan, whose end changes nothing. */
  private final boolean own;

  private SlabIndex(
      ObjectStore store, Environment environment, IndexSpec spec, SlabFiles files, Retry retry) {
    this.handles = new ConcurrentHashMap<>();
    this.own = true;
    this.store = store;
    this.environment = environment;
    this.spec = spec;
    this.files = files;
    this.retry = retry;
    this.settings = new SettingsLog(store, retry);
  }

  private SlabIndex(SlabIndex owner) {
    this.handles = owner.handles;
    this.own = false;
    this.store = owner.store;
    this.environment = owner.environment;
    this.spec = owner.spec;
    this.files = owner.files;
    this.retry = owner.retry;
    this.settings = owner.settings;
  }

  /**
   * The same index for somebody who opens and closes it for each piece of work: closing the loan
   * does nothing, so that slabs stay open until this index is closed.
   */
  public SlabIndex loan() {
    return new SlabIndex(this);
  }

  /**
   * Creates an index on a store that holds none.
   *
   * @param protect true to refuse {@link #drop} until the protection is switched off
   * @throws ConflictException when there is an index already
   */
  public static SlabIndex create(
      ObjectStore store, IndexSpec spec, boolean protect, Environment environment) {
    return create(store, spec, protect, environment, new FormatSlabs(), store.retry());
  }

  /**
   * Opens the index on a store.
   *
   * @throws NotFoundException when there is none
   */
  public static SlabIndex open(ObjectStore store, Environment environment) {
    return open(store, environment, new FormatSlabs(), store.retry());
  }

  /**
   * Opens the index on a store when it is known which namespace is going to be read: of a remote
   * store everything is asked for at once.
   *
   * @throws NotFoundException when there is none
   */
  public static SlabIndex open(ObjectStore store, Environment environment, String namespace) {
    NamespaceNames names = new NamespaceNames(namespace);
    store.announce(List.of(names.manifestFolder(), names.walFolder()), List.of(IndexJson.NAME));
    return open(store, environment);
  }

  /** Creates an index with another way to write and open slabs, for tests. */
  static SlabIndex create(
      ObjectStore store,
      IndexSpec spec,
      boolean protect,
      Environment environment,
      SlabFiles files,
      Retry retry) {
    byte[] content = IndexJson.encode(spec);
    refuseRemains(store, retry);
    boolean created = retry.run(() -> store.create(IndexJson.NAME, content));
    // "Exists" may be the echo of an attempt whose answer was lost; then the content is ours.
    if (!created && !Arrays.equals(content, store.read(IndexJson.NAME, IndexJson.MAX_BYTES))) {
      throw new ConflictException(
          "there is an index at " + store.describe() + " already",
          "choose another place, or drop that index first");
    }
    SlabIndex index = new SlabIndex(store, environment, spec, files, retry);
    if (protect) {
      index.setDeletionProtection(true);
    }
    return index;
  }

  /**
   * Old records must not come back to life in a new index, as those of a drop that was cut short.
   */
  private static void refuseRemains(ObjectStore store, Retry retry) {
    if (retry.run(() -> store.list("", null)).stream()
        .anyMatch(object -> object.name().equals(IndexJson.NAME))) {
      return;
    }
    for (String folder : retry.run(() -> store.listFolders(NamespaceNames.ROOT))) {
      String name = NamespaceNames.decode(folder);
      NamespaceManifest newest =
          name == null ? null : new ManifestLog(store, new NamespaceNames(name), retry).newest();
      if (newest != null && !newest.deleted()) {
        throw new ConflictException(
            "the remains of an index that was not dropped completely are at " + store.describe(),
            "choose another place, or delete its folder 'ns' when nobody writes there any more");
      }
    }
  }

  /** Opens an index with another way to write and open slabs, for tests. */
  static SlabIndex open(ObjectStore store, Environment environment, SlabFiles files, Retry retry) {
    byte[] content;
    try {
      content = retry.run(() -> store.read(IndexJson.NAME, IndexJson.MAX_BYTES));
    } catch (MissingException e) {
      throw new NotFoundException(
          "there is no index at " + store.describe(), "create one there first", e);
    }
    IndexSpec spec = decode(store, content, retry);
    return new SlabIndex(store, environment, spec, files, retry);
  }

  /** Reads again, once, what was damaged on its way. */
  private static IndexSpec decode(ObjectStore store, byte[] content, Retry retry) {
    try {
      return IndexJson.decode(IndexJson.NAME, content);
    } catch (CorruptException | UnsupportedException e) {
      if (!store.isRemote()) {
        throw e;
      }
      byte[] again = retry.run(() -> store.read(IndexJson.NAME, IndexJson.MAX_BYTES));
      return IndexJson.decode(IndexJson.NAME, again);
    }
  }

  /** What never changes about this index. */
  public IndexSpec spec() {
    return spec;
  }

  /** The store that it lies on. */
  public ObjectStore store() {
    return store;
  }

  public boolean deletionProtected() {
    return settings.deletionProtected();
  }

  public void setDeletionProtection(boolean wanted) {
    settings.setDeletionProtected(wanted, environment);
  }

  /** Names of the namespaces that exist, by their encoded names. */
  public List<String> namespaces() {
    List<String> names = allNamespaces();
    if (store.isRemote()) {
      boolean[] exist = new boolean[names.size()];
      List<Runnable> tasks = new ArrayList<>();
      for (int i = 0; i < exist.length; i++) {
        int number = i;
        tasks.add(() -> exist[number] = handle(names.get(number)).exists());
      }
      Together.run(tasks);
      return IntStream.range(0, exist.length).filter(i -> exist[i]).mapToObj(names::get).toList();
    }
    return names.stream().filter(name -> handle(name).exists()).toList();
  }

  private NamespaceHandle handle(String namespace) {
    String name = new NamespaceNames(namespace).namespace();
    return handles.computeIfAbsent(name, n -> newHandle(n));
  }

  private NamespaceHandle newHandle(String namespace) {
    return new NamespaceHandle(
        store, namespace, spec, environment, files, retry, this::requireThere);
  }

  /** Throws when the index was dropped since it was opened; reads one small object. */
  private void requireThere() {
    IndexSpec now;
    try {
      byte[] content = retry.run(() -> store.read(IndexJson.NAME, IndexJson.MAX_BYTES));
      now = IndexJson.decode(IndexJson.NAME, content);
    } catch (MissingException e) {
      throw new NotFoundException(
          "the index at " + store.describe() + " was dropped", "nothing was written to it", e);
    }
    if (!now.equals(spec)) {
      throw new NotFoundException(
          "the index at " + store.describe() + " was dropped, another one is there now",
          "nothing was written; open the new one if it is meant");
    }
  }

  /** The empty name means the default namespace. */
  public boolean namespaceExists(String namespace) {
    return handle(namespace).exists();
  }

  /** What is in a namespace now; empty when there is no such namespace. Close it when done. */
  public Snapshot snapshot(String namespace) {
    return handle(namespace).snapshot();
  }

  /**
   * As {@link #snapshot} for whoever writes the records elsewhere: its slabs are read with ordinary
   * reads, and every byte is checked when it is read, whatever was checked before.
   */
  public Snapshot snapshotToCopy(String namespace) {
    return handle(namespace).snapshotToCopy();
  }

  /** A writer; its first batch creates the namespace. Close it when done. */
  public NamespaceWriter writer(String namespace) {
    return handle(namespace).writer();
  }

  /** Merges the slabs of a namespace. */
  public Compactor compactor(String namespace) {
    return handle(namespace).compactor();
  }

  /** Fills an empty namespace with slabs that are built directly. */
  public BulkLoad bulkLoad(String namespace) {
    return handle(namespace).bulkLoad();
  }

  /** Removes objects of a namespace that no reader can need any more. */
  public GarbageCollector collector(String namespace) {
    return handle(namespace).collector();
  }

  /**
   * Changes thresholds of a namespace, by the names of {@link io.slab.lsm.Thresholds}; the others
   * stay. {@link NotFoundException} when it does not exist.
   */
  public NamespaceManifest configure(String namespace, Map<String, Long> thresholds) {
    return handle(namespace).configure(thresholds);
  }

  /** The thresholds in force in a namespace; null when it does not exist. */
  public SortedMap<String, Long> thresholds(String namespace) {
    return handle(namespace).thresholds();
  }

  /** Objects of a namespace's log that are in slabs already and wait for the collector. */
  public long flushedLogObjects(String namespace) {
    return handle(namespace).flushedLogObjects();
  }

  /** Names of all namespaces that have objects, dropped ones included. */
  public List<String> allNamespaces() {
    return retry.run(() -> store.listFolders(NamespaceNames.ROOT)).stream()
        .map(NamespaceNames::decode)
        .filter(java.util.Objects::nonNull)
        .toList();
  }

  /** Creates an empty namespace; {@link ConflictException} when it exists. */
  public void createNamespace(String namespace) {
    if (!handle(namespace).create()) {
      throw new ConflictException("the namespace '" + namespace + "' exists already");
    }
  }

  /** Drops a namespace and all that is in it; {@link NotFoundException} when it does not exist. */
  public void dropNamespace(String namespace) {
    handle(namespace).drop();
  }

  /**
   * Deletes the whole index. {@code index.json} goes first, so that an interrupted call leaves no
   * index, only files. Of each namespace two small objects stay, in which a writer that is still
   * open finds out.
   *
   * @throws ConflictException when it is protected
   */
  public void drop() {
    if (deletionProtected()) {
      throw new ConflictException(
          "the index at " + store.describe() + " is protected against deletion",
          "switch the protection off first");
    }
    closeHandles();
    store.delete(IndexJson.NAME);
    for (String folder : store.listFolders(NamespaceNames.ROOT)) {
      List<String> keep = seal(NamespaceNames.decode(folder));
      for (String part : List.of("wal/", "manifest/", "slabs/", "deletes/")) {
        deleteAll(NamespaceNames.ROOT + folder + "/" + part, keep);
      }
    }
    deleteAll("config/", List.of());
  }

  private List<String> seal(String namespace) {
    if (namespace == null) {
      return List.of();
    }
    try (NamespaceHandle handle = newHandle(namespace)) {
      return handle.seal();
    } catch (CorruptException | MissingException | UnsupportedException e) {
      // A damaged namespace can be dropped too; no writer can read it either.
      return List.of();
    }
  }

  private void deleteAll(String folder, List<String> keep) {
    for (ObjectInfo object : store.list(folder, null)) {
      if (!keep.contains(object.name())) {
        store.delete(object.name());
      }
    }
  }

  @Override
  public void close() {
    if (own) {
      closeHandles();
    }
  }

  private void closeHandles() {
    handles.values().forEach(NamespaceHandle::close);
    handles.clear();
  }
}
