package io.slab.index;

import io.slab.compaction.Compactor;
import io.slab.erase.Erasure;
import io.slab.error.ConflictException;
import io.slab.error.NotFoundException;
import io.slab.gc.GarbageCollector;
import io.slab.manifest.IndexJson;
import io.slab.manifest.Look;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SettingsLog;
import io.slab.model.EmbeddingSpec;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.namespace.Freshness;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.PartRows;
import io.slab.namespace.PastStates;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.SlabFiles;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.writer.Append;
import io.slab.writer.BulkLoad;
import io.slab.writer.Checkpoints;
import io.slab.writer.NamespaceWriter;
import io.slab.writer.Restore;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * An index on a store: the entry to everything else. Opening reads one small object; everything
 * else is read when asked for. Thread-safe. Closing closes the slabs that snapshots and writers
 * use, but not the store.
 */
public final class SlabIndex implements AutoCloseable {
  private final ObjectStore store;
  private final Environment environment;
  private final IndexSpec spec;
  private final OpenedIndex opened;
  private final Retry retry;
  private final SettingsLog settings;
  private final Handles handles;

  /** False for a loan, whose end changes nothing. */
  private final boolean own;

  private SlabIndex(
      ObjectStore store, Environment environment, byte[] content, SlabFiles files, Retry retry) {
    this.own = true;
    this.store = store;
    this.environment = environment;
    this.spec = IndexJson.decode(IndexJson.NAME, content);
    this.retry = retry;
    this.settings = new SettingsLog(store, retry);
    this.opened = new OpenedIndex(store, retry, content, settings);
    this.handles = new Handles(store, spec, environment, files, retry, opened);
  }

  private SlabIndex(SlabIndex owner) {
    this.handles = owner.handles;
    this.own = false;
    this.store = owner.store;
    this.environment = owner.environment;
    this.spec = owner.spec;
    this.opened = owner.opened;
    this.retry = owner.retry;
    this.settings = owner.settings;
  }

  /**
   * The same index for a caller that opens and closes it for each piece of work: closing the loan
   * does nothing, so that slabs stay open until this index is closed.
   */
  public SlabIndex loan() {
    return new SlabIndex(this);
  }

  /**
   * Creates an index on a store that holds none.
   *
   * @param protect true to refuse {@link IndexLifecycle#drop} until the protection is switched off
   * @throws ConflictException when there is an index already
   * @throws io.slab.error.InvalidInputException for a name or a schema that no index can have
   */
  public static SlabIndex create(
      ObjectStore store, IndexSpec spec, boolean protect, Environment environment) {
    return create(store, spec, protect, environment, new FormatSlabs());
  }

  /** The same, with a way to write and open slabs. */
  public static SlabIndex create(
      ObjectStore store,
      IndexSpec spec,
      boolean protect,
      Environment environment,
      SlabFiles files) {
    return create(store, spec, protect, environment, files, store.retry());
  }

  /**
   * Opens the index on a store.
   *
   * @throws NotFoundException when there is none
   */
  public static SlabIndex open(ObjectStore store, Environment environment) {
    return open(store, environment, new FormatSlabs());
  }

  /** The same, with a way to write and open slabs. */
  public static SlabIndex open(ObjectStore store, Environment environment, SlabFiles files) {
    if (store.isRemote()) {
      store.announce(List.of(SettingsLog.FOLDER), List.of(IndexJson.NAME));
    }
    return open(store, environment, files, store.retry());
  }

  /**
   * Opens the index on a store when it is known which namespace is going to be read: of a remote
   * store everything is asked for at once, and as readers ask for it.
   *
   * @throws NotFoundException when there is none
   */
  public static SlabIndex open(ObjectStore store, Environment environment, String namespace) {
    NamespaceNames names = new NamespaceNames(namespace);
    store.announceToRead(
        List.of(SettingsLog.FOLDER, names.manifestFolder(), names.walFolder()),
        List.of(IndexJson.NAME));
    SlabIndex index = opening(store, environment, new FormatSlabs(), store.retry()).run();
    index.opened.requireLive(Look.READ);
    index.handles.get(namespace).announced();
    return index;
  }

  /** Creates an index with another way to write and open slabs, for tests. */
  static SlabIndex create(
      ObjectStore store,
      IndexSpec spec,
      boolean protect,
      Environment environment,
      SlabFiles files,
      Retry retry) {
    byte[] content = new IndexCreation(store, retry, environment).create(spec);
    SlabIndex index = new SlabIndex(store, environment, content, files, retry);
    if (protect) {
      IndexCreation.protect(index);
    }
    return index;
  }

  /** Opens an index with another way to write and open slabs, for tests. */
  static SlabIndex open(ObjectStore store, Environment environment, SlabFiles files, Retry retry) {
    SlabIndex index = opening(store, environment, files, retry).run();
    index.requireLive();
    return index;
  }

  /**
   * Opens an index that may be dropped, for those that undo or finish that. Of a dropped one
   * nothing else may be asked for than its {@link #lifecycle}.
   *
   * @throws NotFoundException when there is none
   */
  public static SlabIndex openAnyway(ObjectStore store, Environment environment) {
    return opening(store, environment, new FormatSlabs(), store.retry()).run();
  }

  private static IndexOpening opening(
      ObjectStore store, Environment environment, SlabFiles files, Retry retry) {
    return new IndexOpening(
        store, retry, content -> new SlabIndex(store, environment, content, files, retry));
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
    boolean isProtected = settings.newest().deletionProtected();
    // A listing without settings would mean that there are none.
    opened.requireListed();
    return isProtected;
  }

  /**
   * Asks whether what is at its place is still this index, dropped or not.
   *
   * @throws NotFoundException when it is gone, or another one is there
   */
  public void requireSame() {
    opened.requireSame();
  }

  /**
   * Asks whether the index is there for readers and writers.
   *
   * @throws NotFoundException when it was dropped
   */
  public void requireLive() {
    opened.requireLive(Look.LIST);
  }

  /** What a service keeps with the settings, as compact JSON; null when there is nothing. */
  public String service() {
    String service = settings.newest().service();
    opened.requireListed();
    return service;
  }

  /** Changes that, and the protection unless it is null; see {@link SettingsLog#configure}. */
  public void configure(Boolean deletionProtection, UnaryOperator<String> service) {
    opened.require();
    settings.configure(deletionProtection, service, environment);
  }

  /** Which model made the vectors from texts; null when the index does not say. */
  public EmbeddingSpec embedding() {
    EmbeddingSpec embedding = settings.newest().embedding();
    opened.requireListed();
    return embedding;
  }

  /** Changes that; see {@link SettingsLog#embed}. */
  public void embed(UnaryOperator<EmbeddingSpec> next) {
    opened.require();
    settings.embed(next, environment);
  }

  public void setDeletionProtection(boolean wanted) {
    opened.require();
    settings.setDeletionProtected(wanted, environment);
  }

  /** Names of the namespaces that exist, by their encoded names. */
  public List<String> namespaces() {
    return handles.existing();
  }

  /**
   * The first existing namespaces of some, without looking at all of them.
   *
   * @param wanted which names count
   * @param most no more than so many, at least 1
   * @return in byte order
   */
  public List<String> namespaces(Predicate<String> wanted, int most) {
    return handles.existing(wanted, most);
  }

  /** The empty name means the default namespace. */
  public boolean namespaceExists(String namespace) {
    return handles.get(namespace).exists();
  }

  /** What is in a namespace now; empty when there is no such namespace. Close it when done. */
  public Snapshot snapshot(String namespace) {
    return handles.get(namespace).snapshot();
  }

  /**
   * What is in a namespace that does not exist, so that nothing is kept of it.
   *
   * @return null for one that exists
   */
  public Snapshot absent(String namespace) {
    try (NamespaceHandle handle = handles.open(namespace, opened)) {
      // Nothing of the log of one that exists is read: who asks opens it, and reads it then.
      if (handle.exists()) {
        return null;
      }
      Snapshot snapshot = handle.snapshot();
      if (!snapshot.exists()) {
        return snapshot;
      }
      snapshot.close();
      return null;
    }
  }

  /**
   * As {@link #snapshot} for a caller that writes the records elsewhere: its slabs are read with
   * ordinary reads, and every byte is checked when it is read, even if it was checked before.
   */
  public Snapshot snapshotToCopy(String namespace) {
    return handles.get(namespace).snapshotToCopy();
  }

  /** A writer; its first batch creates the namespace. Close it when done. */
  public NamespaceWriter writer(String namespace) {
    return new NamespaceWriter(handles.get(namespace));
  }

  /** Reads parts of a namespace's snapshots. */
  public PartRows parts(String namespace) {
    return new PartRows(handles.get(namespace));
  }

  /** Tells whether snapshots of a namespace are still what is there. */
  public Freshness freshness(String namespace) {
    return new Freshness(handles.get(namespace));
  }

  /** Finds and reads earlier states of a namespace. */
  public PastStates past(String namespace) {
    return new PastStates(handles.get(namespace));
  }

  /** Makes and releases checkpoints of a namespace. */
  public Checkpoints checkpoints(String namespace) {
    return new Checkpoints(handles.get(namespace));
  }

  /** Brings an earlier state of a namespace back. */
  public Restore restore(String namespace) {
    return new Restore(handles.get(namespace));
  }

  /** Closes slabs of a namespace that no snapshot and no writer holds. */
  public void closeIdleSlabs(String namespace) {
    handles.get(namespace).pool().trim(List.of());
  }

  /** Merges the slabs of a namespace. */
  public Compactor compactor(String namespace) {
    return Compactor.of(handles.get(namespace));
  }

  /** Fills an empty namespace with slabs that are built directly. */
  public BulkLoad bulkLoad(String namespace) {
    return new BulkLoad(handles.get(namespace));
  }

  /** Adds slabs that are built directly to a namespace. */
  public Append append(String namespace) {
    return new Append(handles.get(namespace));
  }

  /** Removes objects of a namespace that no reader can need any more. */
  public GarbageCollector collector(String namespace) {
    return GarbageCollector.of(handles.get(namespace));
  }

  /** Deletes records of a namespace without a trace. */
  public Erasure erasure(String namespace) {
    return new Erasure(handles.get(namespace));
  }

  /**
   * Changes thresholds of a namespace, by the names of {@link io.slab.namespace.Thresholds}; the
   * others stay. {@link NotFoundException} when it does not exist.
   */
  public NamespaceManifest configure(String namespace, Map<String, Long> thresholds) {
    return new NamespaceAdmin(handles.get(namespace)).configure(thresholds);
  }

  /** The thresholds in force in a namespace; null when it does not exist. */
  public SortedMap<String, Long> thresholds(String namespace) {
    return new NamespaceAdmin(handles.get(namespace)).thresholds();
  }

  /** Objects of a namespace's log that are in slabs already and wait for the collector. */
  public long flushedLogObjects(String namespace) {
    return new NamespaceAdmin(handles.get(namespace)).flushedLogObjects();
  }

  /**
   * Names of all namespaces that have objects, dropped ones included; those too that were read
   * before and have none any more, so that a caller that looks into them meets the loss: the last
   * manifest of a namespace is never removed from a living index.
   */
  public List<String> allNamespaces() {
    return handles.all();
  }

  /** Creates an empty namespace; {@link ConflictException} when it exists. */
  public void createNamespace(String namespace) {
    if (!new NamespaceAdmin(handles.get(namespace)).create()) {
      throw new ConflictException("the namespace '" + namespace + "' exists already");
    }
  }

  /** Drops a namespace and all that is in it; {@link NotFoundException} when it does not exist. */
  public void dropNamespace(String namespace) {
    new NamespaceAdmin(handles.get(namespace)).drop();
  }

  /** Drops the index, brings it back, and deletes what belongs to a dropped one. */
  public IndexLifecycle lifecycle() {
    return new IndexLifecycle(store, retry, environment, settings, opened, handles);
  }

  @Override
  public void close() {
    if (own) {
      handles.close();
    }
  }
}
