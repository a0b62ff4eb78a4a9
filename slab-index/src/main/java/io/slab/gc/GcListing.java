package io.slab.gc;

import io.slab.manifest.NamespaceNames;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What lay in the folders of a namespace: slabs first, then the log, then manifests, so that gc
 * looks at what refers to an object after the object.
 */
record GcListing(
    List<ObjectInfo> slabs,
    List<ObjectInfo> deletes,
    List<ObjectInfo> wal,
    List<ObjectInfo> manifests) {
  static GcListing of(ObjectStore store, NamespaceNames names) {
    return new GcListing(
        files(store, names, names.slabFolder()),
        files(store, names, names.deletesFolder()),
        numbered(store, names.walFolder()),
        numbered(store, names.manifestFolder()));
  }

  /** What lies there under other names is not the index's, and stays; as does what is no object. */
  private static List<ObjectInfo> files(ObjectStore store, NamespaceNames names, String folder) {
    int root = names.folder().length();
    return store.passingMisplaced().list(folder, null).stream()
        .filter(object -> NamespaceNames.isFile(object.name().substring(root)))
        .toList();
  }

  /** The last of them is the one that must stay; another name might be sorted after it. */
  private static List<ObjectInfo> numbered(ObjectStore store, String folder) {
    return store.list(folder, null).stream().filter(object -> number(object) >= 0).toList();
  }

  /** Names of the slabs and deletion vectors. */
  Set<String> files() {
    Set<String> files = new HashSet<>();
    slabs.forEach(object -> files.add(object.name()));
    deletes.forEach(object -> files.add(object.name()));
    return files;
  }

  /** The number of an object of the log or of a manifest, -1 for another file. */
  static long number(ObjectInfo object) {
    String file = object.fileName();
    int dot = file.indexOf('.');
    try {
      return dot == 20 ? Long.parseLong(file.substring(0, dot)) : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
