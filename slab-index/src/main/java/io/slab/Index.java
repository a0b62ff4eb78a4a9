package io.slab;

import io.slab.error.ConflictException;
import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.index.IndexCheckpoints;
import io.slab.index.Remains;
import io.slab.index.RemovalRequest;
import io.slab.index.SlabIndex;
import io.slab.manifest.IndexListing;
import io.slab.model.EmbeddingSpec;
import io.slab.model.Environment;
import io.slab.search.QueryEngine;
import io.slab.snapshot.FormatSlabs;
import io.slab.store.ObjectStore;
import io.slab.store.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleConsumer;
import java.util.function.UnaryOperator;

/**
 * An index of vectors in a folder or below a prefix on S3. Everything is files; there is no server,
 * and any number of processes on any machines may use one index at once.
 *
 * <p><b>Place.</b> A path, a {@code file:} URI, or {@code s3://bucket/prefix}, for which the
 * artifact {@code slab-s3} must be on the class path.
 *
 * <p><b>Threads.</b> Thread-safe. Opening starts {@link IndexOptions#threads} threads for queries;
 * {@link #close} ends them.
 *
 * <p><b>Memory.</b> An open index holds little itself: slabs on a disk are mapped outside of the
 * heap, what is fetched of remote ones is in temporary files. Namespaces say what they hold. The
 * JVM needs {@code --enable-native-access=ALL-UNNAMED} (or the module) to map memory without a
 * warning; with {@code --add-modules jdk.incubator.vector} large scans are several times faster.
 *
 * <p><b>Exceptions.</b> As the package says. Where an index is dropped, or another one is made at
 * its place, every call fails with {@link NotFoundException}.
 */
public final class Index implements AutoCloseable {
  private final ObjectStore store;
  private final SlabIndex index;
  private final QueryEngine engine;
  private final Map<String, Namespace> namespaces = new ConcurrentHashMap<>();

  private Index(ObjectStore store, SlabIndex index, int threads) {
    this.store = store;
    this.index = index;
    this.engine = new QueryEngine(index.spec(), threads);
  }

  /**
   * Opens the index in a folder.
   *
   * @throws NotFoundException when there is none
   */
  public static Index open(Path folder) {
    return open(folder.toString(), IndexOptions.defaults());
  }

  /**
   * Opens the index at a place.
   *
   * @throws NotFoundException when there is none
   * @throws InvalidInputException when nothing on the class path knows the place
   */
  public static Index open(String place, IndexOptions options) {
    ObjectStore store = CachedStores.open(place, options);
    return opened(
        store, () -> SlabIndex.open(store, Environment.system(), files(options)), options);
  }

  /**
   * Makes an index in a folder, which is created where it is not there.
   *
   * @throws ConflictException when there is an index already
   */
  public static Index create(Path folder, IndexSettings settings) {
    return create(folder.toString(), settings, IndexOptions.defaults());
  }

  /**
   * Makes an index at a place.
   *
   * @throws ConflictException when there is an index already
   * @throws InvalidInputException when the settings contradict each other, or nothing on the class
   *     path knows the place
   */
  public static Index create(String place, IndexSettings settings, IndexOptions options) {
    ObjectStore store = CachedStores.open(place, options);
    return opened(
        store,
        () ->
            SlabIndex.create(
                store,
                settings.spec(System.currentTimeMillis()),
                settings.deletionProtection(),
                Environment.system(),
                files(options)),
        options);
  }

  private static FormatSlabs files(IndexOptions options) {
    return new FormatSlabs(options.threads());
  }

  /** Whether there is an index at a place, dropped or not. */
  public static boolean exists(String place, IndexOptions options) {
    // Without the cache: nothing is kept of one small object, and closing it looks through it all.
    try (ObjectStore store = Stores.open(place, options.store())) {
      return IndexListing.isThere(store);
    }
  }

  /**
   * The folders directly in a place that hold an index, dropped or not, in the order of their
   * bytes. Reads one small object of each folder.
   *
   * @param place a folder, which may be missing, or a prefix on S3
   */
  public static List<String> list(String place, IndexOptions options) {
    try (ObjectStore store = Stores.open(place, options.store())) {
      return store.retry().run(() -> store.listFolders("")).stream()
          .filter(name -> exists(child(place, name), options))
          .toList();
    }
  }

  /** The place of a folder in a place. */
  public static String child(String place, String name) {
    return place.endsWith("/") ? place + name : place + "/" + name;
  }

  /**
   * Copies an index, as it is now, to another place, while others go on writing to it. An earlier
   * copy is brought up to date, an interrupted one goes on where it was. Every slab is read back
   * and must pass its checksums. Nothing at the destination is overwritten.
   *
   * @param reading settings of the store of {@code from}
   * @param writing settings of the store of {@code to}; so many slabs at once as it says threads
   * @throws NotFoundException when there is no index
   * @throws ConflictException when something else than an earlier copy is at the destination
   * @throws InvalidInputException when both are one place, or a place is unknown
   * @throws io.slab.error.CorruptException when an object is damaged; what depends on it is not
   *     copied
   */
  public static Copied copy(String from, IndexOptions reading, String to, IndexOptions writing) {
    return new Copies(from, reading, to, writing).namespace(null);
  }

  /**
   * The same for one namespace, which may go into another index of the same dimension, metric and
   * schema.
   *
   * @throws NotFoundException when there is no index, or no such namespace
   */
  public static Copied copyNamespace(
      String from, IndexOptions reading, String to, IndexOptions writing, String namespace) {
    String name = namespace.isEmpty() ? Namespace.DEFAULT : namespace;
    return new Copies(from, reading, to, writing).namespace(name);
  }

  /**
   * Copies what a checkpoint has, of each namespace that has one of that name: a backup of states
   * that gc keeps while it is copied. As {@link #copy} it brings an earlier copy up to date.
   *
   * @throws NotFoundException when there is no index, or no namespace has such a checkpoint
   */
  public static Copied copyCheckpoint(
      String from, IndexOptions reading, String to, IndexOptions writing, String checkpoint) {
    return copyCheckpoint(from, reading, to, writing, checkpoint, done -> {});
  }

  /**
   * The same, saying how far it is.
   *
   * @param progress told parts of one, now and then; the copy ends with what it throws, and goes on
   *     there when it is called again
   */
  public static Copied copyCheckpoint(
      String from,
      IndexOptions reading,
      String to,
      IndexOptions writing,
      String checkpoint,
      DoubleConsumer progress) {
    return new Copies(from, reading, to, writing).checkpoint(checkpoint, progress);
  }

  /** The same, without any namespace: what is there is not looked at. As {@link #copy}. */
  public static Copied copyEmpty(
      String from, IndexOptions reading, String to, IndexOptions writing) {
    return new Copies(from, reading, to, writing).empty();
  }

  /**
   * Copies an index to a place where none is, as an index of its own: it gets the name, another id
   * and the time of now as that of its creation. An interrupted call can be repeated.
   *
   * @param progress told parts of one, now and then; the copy ends with what it throws
   * @throws NotFoundException when there is no index
   * @throws ConflictException when there is one at the destination, or what is left of one: {@link
   *     #removeRemains}
   */
  public static Copied copyAsNew(
      String from,
      IndexOptions reading,
      String to,
      IndexOptions writing,
      String name,
      DoubleConsumer progress) {
    return new Copies(from, reading, to, writing).asNew(name, progress);
  }

  /**
   * Deletes what is left at a place where no index is: by a removal, which keeps the ends of logs
   * so that writers who come late meet them, or by a copy that was given up.
   *
   * @param minAge nothing is deleted where the newest of it is younger, by the clock of the storage
   * @return false where that is so
   * @throws ConflictException when there is an index
   */
  public static boolean removeRemains(String place, IndexOptions options, Duration minAge) {
    try (ObjectStore store = Stores.open(place, options.store())) {
      return new Remains(store).remove(minAge.toMillis());
    }
  }

  private static Index opened(
      ObjectStore store, java.util.function.Supplier<SlabIndex> opener, IndexOptions options) {
    try {
      return new Index(store, opener.get(), options.threads());
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  /** What it is. */
  public IndexDescription describe() {
    return IndexDescription.of(index.spec(), index.deletionProtected());
  }

  /** Names of the namespaces that exist, in the order of their bytes. */
  public List<String> namespaces() {
    return index.namespaces();
  }

  /** The namespace that is meant when none is named. */
  public Namespace namespace() {
    return namespace(Namespace.DEFAULT);
  }

  /**
   * A namespace, whether it exists or not; asks the storage nothing.
   *
   * @param name at most 512 bytes of UTF-8; empty for the default one
   * @throws InvalidInputException for a name that no namespace can have
   */
  public Namespace namespace(String name) {
    String real = name.isEmpty() ? Namespace.DEFAULT : name;
    return namespaces.computeIfAbsent(real, n -> new Namespace(index, engine, n));
  }

  /**
   * What a namespace shows that does not exist; empty for one that does. {@link #namespace} keeps
   * something of each name that it was asked for, this nothing: for programs whose users ask for
   * any name.
   */
  public Optional<Snapshot> absent(String name) {
    String real = name.isEmpty() ? Namespace.DEFAULT : name;
    return Optional.ofNullable(index.absent(real))
        .map(nothing -> new Snapshot(index.spec(), engine, nothing));
  }

  /**
   * Makes an empty namespace.
   *
   * @throws ConflictException when it exists
   */
  public void createNamespace(String name) {
    index.createNamespace(name);
  }

  /**
   * Deletes a namespace with all its records; gc removes its files later.
   *
   * @throws NotFoundException when it does not exist
   * @throws ConflictException when the index is protected
   */
  public void deleteNamespace(String name) {
    requireUnprotected();
    index.dropNamespace(name);
  }

  /**
   * Makes a checkpoint of one name in every namespace, or in none. Each has every write that was
   * acknowledged before the call.
   *
   * @param keep how long, by the clock of the storage; null: until they are deleted
   * @return how many namespaces have it
   * @throws ConflictException when a namespace has one of that name
   */
  public int createCheckpoint(String name, Duration keep) {
    long millis = History.millis(keep);
    return new IndexCheckpoints(index).create(index.namespaces(), name, millis).size();
  }

  /**
   * Releases the checkpoints of one name in all namespaces.
   *
   * @throws NotFoundException when none has one
   */
  public void deleteCheckpoint(String name) {
    new IndexCheckpoints(index).delete(index.allNamespaces(), name);
  }

  /** Protects the index, and its namespaces, against deletion, or ends that. */
  public void setDeletionProtection(boolean enabled) {
    index.setDeletionProtection(enabled);
  }

  /**
   * What a program that offers this index to others keeps with it: compact JSON of an object, or
   * null. Copies of the index have it too.
   */
  public Optional<String> service() {
    return Optional.ofNullable(index.service());
  }

  /**
   * Changes what {@link #service} gives, and the protection in the same step where that is wanted.
   *
   * @param deletionProtection null leaves it as it is
   * @param service makes the next text of the newest one, null for none; may be called again when
   *     another process changes it at the same time
   * @throws InvalidInputException for a text that is no JSON object, or longer than 256 KiB
   */
  public void configure(Boolean deletionProtection, UnaryOperator<String> service) {
    index.configure(deletionProtection, service);
  }

  /** Which model made the vectors from texts, where the index says so. Copies have it too. */
  public Optional<EmbeddingSpec> embedding() {
    return Optional.ofNullable(index.embedding());
  }

  /**
   * Changes what {@link #embedding} gives.
   *
   * @param next makes it of the newest one, each null for none; may be called again when another
   *     process changes it at the same time, and may throw to leave it
   */
  public void embed(UnaryOperator<EmbeddingSpec> next) {
    index.embed(next);
  }

  private void requireUnprotected() {
    if (index.deletionProtected()) {
      throw new ConflictException(
          "the index at " + store.describe() + " is protected against deletion",
          "call setDeletionProtection(false) first");
    }
  }

  /**
   * Drops the index: from now on no process reads or writes it. Its files stay until {@code slab
   * drop --now} or {@code slab gc} removes them; until then {@code slab drop --undo} brings it
   * back.
   *
   * @throws ConflictException when it is protected
   */
  public void drop() {
    index.lifecycle().drop();
  }

  /**
   * Drops the index and deletes its files at once, {@code index.json} last: another one may be made
   * at its place afterwards. An interrupted call can be repeated.
   *
   * @throws ConflictException when it is protected
   */
  public void remove() {
    namespaces.values().forEach(Namespace::close);
    index.lifecycle().remove(RemovalRequest.NOW, object -> {});
  }

  /**
   * Closes namespaces, snapshots' slabs, query threads and the connection; not to be used after.
   */
  @Override
  public void close() {
    namespaces.values().forEach(Namespace::close);
    engine.close();
    index.close();
    store.close();
  }
}
