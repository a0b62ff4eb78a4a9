package io.slab.index;

import io.slab.error.ConflictException;
import io.slab.manifest.IndexListing;
import io.slab.manifest.NamespaceNames;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;

/**
 * What is left at a place where no index is any more, or none yet: ends of logs that a removal
 * keeps against late writers, and parts of a copy that was given up. One thread only.
 */
public final class Remains {
  private static final List<String> PARTS =
      List.of("slabs/", "deletes/", "wal/", "manifest/", "quarantine/");

  private final ObjectStore store;

  public Remains(ObjectStore store) {
    this.store = store.passingMisplaced();
  }

  /** All objects, in any order. */
  public List<ObjectInfo> list() {
    return places().stream().flatMap(List::stream).toList();
  }

  /** The objects of each namespace, and then the settings. */
  private List<List<ObjectInfo>> places() {
    List<List<ObjectInfo>> places = new ArrayList<>();
    for (String folder : store.retry().run(() -> store.listFolders(NamespaceNames.ROOT))) {
      List<ObjectInfo> objects = new ArrayList<>();
      for (String part : PARTS) {
        objects.addAll(list(NamespaceNames.ROOT + folder + "/" + part));
      }
      places.add(objects);
    }
    places.add(list("config/"));
    return places;
  }

  private List<ObjectInfo> list(String folder) {
    return store.retry().run(() -> store.list(folder, null));
  }

  /**
   * Deletes all of it.
   *
   * @param minAgeMillis nothing is deleted where the newest object is younger, by the store's clock
   * @return false where that is so
   * @throws ConflictException when there is an index
   */
  public boolean remove(long minAgeMillis) {
    List<List<ObjectInfo>> places = places();
    long now = store.now();
    boolean young =
        places.stream()
            .flatMap(List::stream)
            .anyMatch(object -> now - object.modifiedMillis() < minAgeMillis);
    if (young) {
      return false;
    }
    for (List<ObjectInfo> objects : places) {
      // After the listing: an index that is made later begins with objects that it does not show.
      // And before each namespace: one that is made meanwhile goes on where its log ends.
      if (IndexListing.isThere(store)) {
        throw new ConflictException("there is an index at " + store.describe(), "drop it first");
      }
      objects.forEach(this::delete);
    }
    return true;
  }

  private void delete(ObjectInfo object) {
    store
        .retry()
        .run(() -> {
          store.delete(object.name());
          return null;
        });
  }
}
