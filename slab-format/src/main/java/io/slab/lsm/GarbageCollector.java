package io.slab.lsm;

import io.slab.error.MissingException;
import io.slab.error.SlabException;
import io.slab.lsm.GcResult.Item;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Checkpoint;
import io.slab.manifest.SlabEntry;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Removes objects that no manifest in use needs (spec/index.md, "Garbage collection"). An object
 * goes only when it is older than the minimum age by the store's own clock, and neither the newest
 * manifests, nor one young enough that a reader may still hold it, nor a checkpoint refers to it.
 * The highest number of each sequence always stays: it anchors the commit protocol. Safe beside
 * writers, readers, compactions and other collectors. One thread only.
 */
public final class GarbageCollector {
  private static final String INTERRUPTED = "an interrupted write";

  private final NamespaceHandle namespace;
  private final ObjectStore store;
  private final List<Item> candidates = new ArrayList<>();
  private long now;
  private long young;

  GarbageCollector(NamespaceHandle namespace) {
    this.namespace = namespace;
    this.store = namespace.store();
  }

  /** Removes garbage, or with {@link GcRequest#dryRun} lists it. */
  public GcResult run(GcRequest request) {
    candidates.clear();
    young = 0;
    now = store.now();
    // Objects are listed before the manifests are read: whatever is named later than that is not in
    // these lists, or young.
    List<ObjectInfo> slabs = store.list(namespace.names().slabFolder(), null);
    List<ObjectInfo> deletes = store.list(namespace.names().deletesFolder(), null);
    List<ObjectInfo> wal = store.list(namespace.names().walFolder(), null);
    List<ObjectInfo> manifests = store.list(namespace.names().manifestFolder(), null);
    temporaries(request);
    NamespaceManifest newest = namespace.manifests().newest();
    if (newest != null) {
      Set<Long> keep = manifestsInUse(request, newest, manifests);
      Needed needed = needed(newest, keep);
      sweep(request, deletes, needed.names, "no manifest names it");
      sweep(request, slabs, needed.names, "no manifest names it");
      sweepWal(request, wal, needed.walAfter);
      sweepManifests(request, manifests, keep, newest.id());
    }
    return remove(request);
  }

  private void temporaries(GcRequest request) {
    List<String> folders =
        List.of(
            namespace.names().slabFolder(),
            namespace.names().deletesFolder(),
            namespace.names().walFolder(),
            namespace.names().manifestFolder());
    for (String folder : folders) {
      store.listTemporary(folder).forEach(o -> candidate(request, o, INTERRUPTED));
    }
  }

  private void candidate(GcRequest request, ObjectInfo object, String reason) {
    long age = now - object.modifiedMillis();
    if (age < request.minAgeMillis()) {
      young++;
    } else {
      candidates.add(new Item(object.name(), object.size(), age, reason));
    }
  }

  /** The newest manifests, those that a reader may have begun with, and those of checkpoints. */
  private Set<Long> manifestsInUse(
      GcRequest request, NamespaceManifest newest, List<ObjectInfo> listed) {
    Set<Long> keep = new TreeSet<>();
    List<ObjectInfo> byAge = new ArrayList<>(listed);
    byAge.sort(Comparator.comparing(ObjectInfo::name).reversed());
    long successorAge = 0;
    for (int i = 0; i < byAge.size(); i++) {
      long id = number(byAge.get(i));
      // A reader may have begun as long as this manifest was the newest, that is until its
      // successor came.
      if (i < request.keepManifests() || successorAge < request.minAgeMillis()) {
        keep.add(id);
      }
      successorAge = now - byAge.get(i).modifiedMillis();
    }
    keep.add(newest.id());
    for (Checkpoint checkpoint : newest.checkpoints()) {
      if (checkpoint.expiresMillis() == 0 || checkpoint.expiresMillis() > now) {
        keep.add(checkpoint.manifest());
      }
    }
    return keep;
  }

  private record Needed(Set<String> names, long walAfter) {}

  private Needed needed(NamespaceManifest newest, Set<Long> keep) {
    Set<String> names = new HashSet<>();
    long walAfter = newest.walFlushedThrough();
    for (long id : keep) {
      NamespaceManifest manifest;
      try {
        manifest = id == newest.id() ? newest : namespace.manifests().read(id);
      } catch (MissingException e) {
        continue; // Another collector was here.
      }
      walAfter = Math.min(walAfter, manifest.walFlushedThrough());
      for (SlabEntry slab : manifest.slabs()) {
        names.add(namespace.names().slab(slab.id()));
        if (slab.deletes().file() != null) {
          names.add(namespace.names().deletesFolder() + slab.deletes().file());
        }
      }
    }
    return new Needed(names, walAfter);
  }

  private void sweep(
      GcRequest request, List<ObjectInfo> objects, Set<String> needed, String reason) {
    for (ObjectInfo object : objects) {
      if (!needed.contains(object.name())) {
        candidate(request, object, reason);
      }
    }
  }

  /**
   * WAL objects up to {@code walAfter} are flushed in every manifest in use; the highest object
   * stays all the same.
   */
  private void sweepWal(GcRequest request, List<ObjectInfo> objects, long walAfter) {
    for (int i = 0; i < objects.size() - 1; i++) {
      long number = number(objects.get(i));
      if (number >= 0 && number <= walAfter) {
        candidate(request, objects.get(i), "flushed");
      }
    }
  }

  private void sweepManifests(
      GcRequest request, List<ObjectInfo> objects, Set<Long> keep, long newest) {
    for (ObjectInfo object : objects) {
      long number = number(object);
      if (number >= 0 && number < newest && !keep.contains(number)) {
        candidate(request, object, "superseded");
      }
    }
  }

  private static long number(ObjectInfo object) {
    String file = object.fileName();
    int dot = file.indexOf('.');
    try {
      return dot == 20 ? Long.parseLong(file.substring(0, dot)) : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private GcResult remove(GcRequest request) {
    List<Item> removed = new ArrayList<>();
    List<Item> failed = new ArrayList<>();
    for (Item item : candidates) {
      if (removed.size() >= request.maxDeletes()) {
        young += candidates.size() - removed.size() - failed.size();
        break;
      }
      try {
        if (!request.dryRun()) {
          if (item.reason().equals(INTERRUPTED)) {
            store.deleteTemporary(item.name());
          } else {
            store.delete(item.name());
          }
        }
        removed.add(item);
      } catch (SlabException e) {
        failed.add(new Item(item.name(), item.bytes(), item.ageMillis(), e.getMessage()));
      }
    }
    return new GcResult(removed, failed, young);
  }
}
