package io.slab.index;

import io.slab.error.ConflictException;
import io.slab.error.DataException;
import io.slab.error.StoreException;
import io.slab.manifest.IndexJson;
import io.slab.manifest.IndexListing;
import io.slab.manifest.ManifestLog;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.ObjectSequence;
import io.slab.manifest.Settings;
import io.slab.manifest.Settings.State;
import io.slab.manifest.SettingsLog;
import io.slab.model.Environment;
import io.slab.model.Ulid;
import io.slab.namespace.IndexPresence;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.NamespaceSeal;
import io.slab.store.Notices;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Drops an index and deletes what belongs to it (spec/index.md, "Garbage"). Several processes may
 * do so at once, and one may sleep while others end the work and make a new index at the same
 * place: a name is deleted only when it was seen while the settings still said that this very
 * removal was under way. One thread only.
 */
final class Removal {
  private final ObjectStore store;
  private final Retry retry;
  private final Environment environment;
  private final SettingsLog settings;
  private final Runnable same;
  private final BiFunction<String, IndexPresence, NamespaceHandle> namespaces;

  /** What may go first where the disk is too full to say anything; null: not looked for. */
  private List<ObjectInfo> sacrifice;

  /**
   * @param same throws when {@code index.json} is another one's
   * @param namespaces makes the handle of a namespace
   */
  Removal(
      ObjectStore store,
      Retry retry,
      Environment environment,
      SettingsLog settings,
      Runnable same,
      BiFunction<String, IndexPresence, NamespaceHandle> namespaces) {
    // What is no object stays, and does not keep the objects beside it.
    this.store = store.passingMisplaced();
    this.retry = retry;
    this.environment = environment;
    this.settings = settings;
    this.same = same;
    this.namespaces = namespaces;
  }

  /** Seals the logs of an index that is dropped, where that is not done yet. */
  void seal() {
    Settings dropped = settings.newest();
    if (dropped.state() == State.LIVE) {
      return;
    }
    for (String folder : IndexListing.namespaces(store, retry)) {
      onNamespace(
          NamespaceNames.decode(folder),
          handle -> new NamespaceSeal(handle).seal(dropped.commit()));
    }
  }

  /**
   * Deletes everything, {@code index.json} last.
   *
   * @return false when the limit came first: called again it goes on
   */
  boolean run(RemovalRequest request, Consumer<ObjectInfo> deleted) {
    Ulid removal = record(request, deleted);
    long[] left = {request.maxDeletes()};
    if (!IndexListing.isThere(store)) {
      return true; // Another process was faster.
    }
    for (String folder : IndexListing.namespaces(store, retry)) {
      List<String> keep =
          withRoom(true, deleted, () -> end(NamespaceNames.decode(folder), removal));
      List<ObjectInfo> objects = new ArrayList<>();
      for (String part : List.of("slabs/", "deletes/", "wal/", "manifest/", "quarantine/")) {
        String name = NamespaceNames.ROOT + folder + "/" + part;
        objects.addAll(retry.run(() -> store.list(name, null)));
        store.misplaced(name).forEach(e -> Notices.tell("it stays: " + e.getMessage()));
      }
      objects.removeIf(object -> keep.contains(object.name()));
      requireUnderWay(removal);
      if (!delete(objects, left, deleted)) {
        return false;
      }
    }
    // What readers look for in vain as long as the index is there must not go before it.
    List<ObjectInfo> old = settings.superseded(store.now());
    return delete(old, left, deleted) && deleteIndex(removal, left, deleted);
  }

  /** The one name that the next index has too. */
  private boolean deleteIndex(Ulid removal, long[] left, Consumer<ObjectInfo> deleted) {
    List<ObjectInfo> index =
        retry.run(() -> store.list("", null)).stream()
            .filter(object -> object.name().equals(IndexJson.NAME))
            .toList();
    if (index.isEmpty()) {
      return true;
    }
    requireUnderWay(removal);
    same.run();
    return delete(index, left, deleted);
  }

  /** Commits the settings from which on there is no way back; gives their commit id. */
  private Ulid record(RemovalRequest request, Consumer<ObjectInfo> deleted) {
    withRoom(
        request.now(),
        deleted,
        () -> {
          settings.remove(
              request.now(),
              modified -> store.now() - modified >= request.minAgeMillis(),
              environment);
          return null;
        });
    Settings newest = settings.newest();
    if (newest.state() != State.REMOVING) {
      throw overtaken();
    }
    return newest.commit();
  }

  /**
   * Takes a step that writes something small; where a disk has no room for it slabs and other
   * objects make some, for they are to go anyway.
   */
  private <T> T withRoom(boolean allowed, Consumer<ObjectInfo> deleted, Supplier<T> step) {
    while (true) {
      try {
        return step.get();
      } catch (StoreException e) {
        if (!allowed || !e.outOfSpace() || store.isRemote()) {
          throw e;
        }
        sacrifice = sacrifice == null || sacrifice.isEmpty() ? dispensable() : sacrifice;
        if (sacrifice.isEmpty()) {
          throw e;
        }
        delete(sacrifice.removeLast(), deleted);
      }
    }
  }

  /** What nothing that is still to be done reads: slabs at the end, since they are the largest. */
  private List<ObjectInfo> dispensable() {
    List<ObjectInfo> objects = new ArrayList<>(settings.superseded());
    List<ObjectInfo> slabs = new ArrayList<>();
    for (String folder : store.listFolders(NamespaceNames.ROOT)) {
      String root = NamespaceNames.ROOT + folder + "/";
      List<ObjectInfo> manifests = store.list(root + "manifest/", null);
      objects.addAll(manifests.subList(0, Math.max(0, manifests.size() - 1)));
      objects.addAll(flushedLog(folder));
      objects.addAll(store.list(root + "deletes/", null));
      slabs.addAll(store.list(root + "slabs/", null));
    }
    objects.addAll(slabs);
    return objects;
  }

  private List<ObjectInfo> flushedLog(String folder) {
    String namespace = NamespaceNames.decode(folder);
    if (namespace == null) {
      return List.of();
    }
    NamespaceNames names = new NamespaceNames(namespace);
    NamespaceManifest newest;
    try {
      newest = new ManifestLog(store, names, retry).newestThere();
    } catch (DataException e) {
      return List.of();
    }
    ObjectSequence log = new ObjectSequence(store, names.walFolder(), ".wal");
    List<Long> numbers = log.listAfter(-1);
    if (newest == null || numbers.isEmpty()) {
      return List.of();
    }
    // The last one stays in any case.
    long through = Math.min(newest.walFlushedThrough(), numbers.getLast() - 1);
    Set<String> flushed = new HashSet<>();
    numbers.stream().filter(number -> number <= through).map(log::name).forEach(flushed::add);
    return store.list(names.walFolder(), null).stream()
        .filter(object -> flushed.contains(object.name()))
        .toList();
  }

  /**
   * The objects that stay of a namespace; none of one that is damaged, since no writer reads it.
   */
  private List<String> end(String namespace, Ulid removal) {
    List<String> keep = new ArrayList<>();
    onNamespace(
        namespace,
        handle ->
            keep.addAll(new NamespaceSeal(handle).end(removal, () -> requireUnderWay(removal))));
    return keep;
  }

  private void onNamespace(String namespace, Consumer<NamespaceHandle> work) {
    if (namespace == null) {
      return;
    }
    try (NamespaceHandle handle = namespaces.apply(namespace, IndexPresence.ALWAYS)) {
      work.accept(handle);
    } catch (DataException e) {
      // A damaged namespace can be dropped too; no writer can read it either.
      return;
    }
  }

  private void requireUnderWay(Ulid removal) {
    if (!removal.equals(settings.newest().commit())) {
      throw overtaken();
    }
  }

  private ConflictException overtaken() {
    return new ConflictException(
        "another process changed the index at " + store.describe() + " meanwhile",
        "look with `slab describe` at what is there now");
  }

  private boolean delete(List<ObjectInfo> objects, long[] left, Consumer<ObjectInfo> deleted) {
    for (ObjectInfo object : objects) {
      if (left[0]-- <= 0) {
        return false;
      }
      delete(object, deleted);
    }
    return true;
  }

  private void delete(ObjectInfo object, Consumer<ObjectInfo> deleted) {
    retry.run(() -> {
      store.delete(object.name());
      return null;
    });
    deleted.accept(object);
  }
}
