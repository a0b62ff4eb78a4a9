package io.slab.gc;

import io.slab.error.SlabException;
import io.slab.gc.GcResult.Item;
import io.slab.manifest.NamespaceNames;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a first copy of an index that was interrupted left of single files: uploads that cost money
 * and that no listing shows, temporary files. Its {@code index.json} comes last, so that nothing
 * else looks after them. Whole files stay: the copy goes on with them. One thread only.
 */
public final class UnfinishedCopy {
  private static final String INTERRUPTED = "an interrupted copy";

  /** Folders of a namespace. */
  private static final List<String> FOLDERS = List.of("slabs/", "deletes/", "wal/", "manifest/");

  private final ObjectStore store;

  public UnfinishedCopy(ObjectStore store) {
    this.store = store;
  }

  /** True when a copy was begun here. */
  public boolean isThere() {
    return !store.listFolders(NamespaceNames.ROOT).isEmpty() || !uploads().isEmpty();
  }

  /**
   * Uploads into folders of namespaces: what else is below belongs to others, to other indexes too.
   */
  private List<ObjectInfo> uploads() {
    return store.listUnfinished().stream().filter(object -> isPart(object.name())).toList();
  }

  private static boolean isPart(String name) {
    int file = name.lastIndexOf('/') + 1;
    int folder = name.lastIndexOf('/', file - 2) + 1;
    if (!name.startsWith(NamespaceNames.ROOT) || folder <= NamespaceNames.ROOT.length()) {
      return false;
    }
    String namespace = name.substring(NamespaceNames.ROOT.length(), folder - 1);
    return NamespaceNames.decode(namespace) != null
        && FOLDERS.contains(name.substring(folder, file));
  }

  /** Ends what is older than the minimum age, or with {@link GcRequest#dryRun} lists it. */
  public GcResult run(GcRequest request) {
    long now = store.now();
    List<Item> chosen = new ArrayList<>();
    long young = 0;
    for (ObjectInfo left : left()) {
      long age = now - left.modifiedMillis();
      if (age < request.minAgeMillis() || chosen.size() >= request.maxDeletes()) {
        young++;
      } else {
        chosen.add(new Item(left.name(), left.size(), age, INTERRUPTED));
      }
    }
    List<Item> failed = new ArrayList<>();
    List<Item> removed = new ArrayList<>();
    for (Item item : chosen) {
      try {
        if (!request.dryRun()) {
          store.deleteTemporary(item.name());
        }
        removed.add(item);
      } catch (SlabException e) {
        failed.add(new Item(item.name(), item.bytes(), item.ageMillis(), e.getMessage()));
      }
    }
    return new GcResult(removed, failed, young);
  }

  private Iterable<ObjectInfo> left() {
    Map<String, ObjectInfo> left = new TreeMap<>();
    uploads().forEach(object -> left.put(object.name(), object));
    for (String folder : store.listFolders(NamespaceNames.ROOT)) {
      if (NamespaceNames.decode(folder) == null) {
        continue;
      }
      for (String inside : FOLDERS) {
        store
            .listTemporary(NamespaceNames.ROOT + folder + "/" + inside)
            .forEach(object -> left.put(object.name(), object));
      }
    }
    return left.values();
  }
}
