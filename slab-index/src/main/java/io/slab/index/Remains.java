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
    List<ObjectInfo> objects = new ArrayList<>(list("config/"));
    for (String folder : store.retry().run(() -> store.listFolders(NamespaceNames.ROOT))) {
      for (String part : PARTS) {
        objects.addAll(list(NamespaceNames.ROOT + folder + "/" + part));
      }
    }
    return objects;
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
    List<ObjectInfo> objects = list();
    long now = store.now();
    boolean young =
        objects.stream().anyMatch(object -> now - object.modifiedMillis() < minAgeMillis);
    if (young) {
      return false;
    }
    // After the listing: an index that is made later begins with objects that it does not show.
    if (IndexListing.isThere(store)) {
      throw new ConflictException("there is an index at " + store.describe(), "drop it first");
    }
    for (ObjectInfo object : objects) {
      store
          .retry()
          .run(() -> {
            store.delete(object.name());
            return null;
          });
    }
    return true;
  }
}
