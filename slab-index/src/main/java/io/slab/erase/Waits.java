package io.slab.erase;

import io.slab.erase.EraseResult.Left;
import io.slab.erase.EraseResult.Until;
import io.slab.error.DataException;
import io.slab.error.MissingException;
import io.slab.manifest.Appends;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Checkpoint;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.NumberedObjects;
import io.slab.manifest.SlabEntry;
import io.slab.namespace.NamespaceHandle;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What still holds something of erased records, and when gc may take it: by the rules that gc goes
 * by, and the store's clock. One thread only.
 */
final class Waits {
  private final NamespaceHandle namespace;
  private final Holders holders;
  private final long minAge;
  private final long now;
  private final List<Left> left = new ArrayList<>();

  private final List<ObjectInfo> slabs;
  private final List<ObjectInfo> manifests;
  private final NamespaceManifest newest;

  /** The manifests before the newest one that can be read, by their place in the list. */
  private final Map<Integer, NamespaceManifest> earlier = new HashMap<>();

  /** Manifests before the newest one that cannot be read. */
  private final List<ObjectInfo> unreadable = new ArrayList<>();

  /** Names of slabs without anything. */
  private final Set<String> clean = new HashSet<>();

  /** Of the checkpoints that are kept, by the number of their manifest. */
  private final Map<Long, String> kept = new HashMap<>();

  Waits(NamespaceHandle namespace, Holders holders, long minAge) {
    this.namespace = namespace;
    this.holders = holders;
    this.minAge = minAge;
    this.now = namespace.store().now();
    int root = namespace.names().folder().length();
    this.slabs =
        objects(namespace, namespace.names().slabFolder()).stream()
            .filter(object -> NamespaceNames.isFile(object.name().substring(root)))
            .toList();
    this.manifests = namespace.manifests().objects();
    this.newest = namespace.requireNewest();
    for (Checkpoint checkpoint : newest.checkpoints()) {
      if (checkpoint.isKept(now)) {
        kept.put(checkpoint.manifest(), checkpoint.name());
      }
    }
    readManifests();
  }

  /** What lies in a folder, and is an object. */
  static List<ObjectInfo> objects(NamespaceHandle namespace, String folder) {
    ObjectStore store = namespace.store().passingMisplaced();
    return store.retry().run(() -> store.list(folder, null));
  }

  private void readManifests() {
    for (int i = 0; i < manifests.size(); i++) {
      long id = namespace.manifests().number(manifests.get(i));
      if (id < newest.id()) {
        try {
          earlier.put(i, namespace.manifests().read(id));
        } catch (MissingException e) {
          // Gc took it meanwhile.
        } catch (DataException e) {
          unreadable.add(manifests.get(i));
        }
      }
    }
    Set<String> named = new HashSet<>();
    newest.slabs().forEach(slab -> named.add(namespace.names().slab(slab.id())));
    for (ObjectInfo slab : slabs) {
      if (named.contains(slab.name()) || !holders.unnamed(slab)) {
        clean.add(slab.name());
      }
    }
  }

  /** Names of the checkpoints that hold something, once each. */
  Set<String> checkpoints() {
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < manifests.size(); i++) {
      String checkpoint = kept.get(namespace.manifests().number(manifests.get(i)));
      if (checkpoint != null && holds(earlier.get(i))) {
        names.add(checkpoint);
      }
    }
    return names;
  }

  /** A manifest has values of the slabs that it names. */
  private boolean holds(NamespaceManifest manifest) {
    return manifest != null
        && manifest.slabs().stream()
            .anyMatch(slab -> !clean.contains(namespace.names().slab(slab.id())));
  }

  List<Left> find() {
    slabs();
    log();
    manifests();
    appends();
    others();
    return left;
  }

  private void add(ObjectInfo object, String what, String checkpoint, long gone) {
    if (checkpoint != null) {
      String why = what + ", kept by the checkpoint '" + checkpoint + "'";
      left.add(new Left(object.name(), why, Until.CHECKPOINT, -1));
    } else {
      left.add(new Left(object.name(), what, Until.TIME, gone));
    }
  }

  /**
   * Slabs of the newest manifest with rows that another process wrote, deleted or brought back
   * while the erasure was under way.
   *
   * @param alive true where living rows count as well
   */
  List<Left> rows(boolean alive) {
    List<Left> rows = new ArrayList<>();
    for (SlabEntry slab : newest.slabs()) {
      if (alive ? holders.anyRow(slab) : holders.rows(newest, slab)) {
        String why = "a row that another process wrote or deleted meanwhile: run it again";
        rows.add(new Left(namespace.names().slab(slab.id()), why, Until.CAUSE, -1));
      }
    }
    return rows;
  }

  private void slabs() {
    long last = -1;
    String keeps = null;
    for (ObjectInfo slab : slabs) {
      if (!clean.contains(slab.name())) {
        String checkpoint = null;
        long gone = slab.modifiedMillis() + minAge;
        for (Map.Entry<Integer, NamespaceManifest> entry : earlier.entrySet()) {
          if (names(entry.getValue(), slab.name())) {
            checkpoint = checkpoint == null ? kept.get(entry.getValue().id()) : checkpoint;
            gone = Math.max(gone, neededUntil(entry.getKey()));
          }
        }
        last = Math.max(last, gone);
        keeps = keeps == null ? checkpoint : keeps;
        add(slab, "a slab that was replaced", checkpoint, gone);
      }
    }
    for (SlabEntry slab : newest.slabs()) {
      if (holders.tombstones(slab)) {
        left.add(carrier(namespace.names().slab(slab.id()), keeps, last));
      }
    }
  }

  /**
   * A slab that has to go on carrying a delete.
   *
   * @param keeps a checkpoint that keeps a slab with a row, or null
   * @param last when the last slab with a row may go, -1 when there is none
   */
  private static Left carrier(String slab, String keeps, long last) {
    String what = "the delete, for as long as an older slab is there";
    if (keeps != null) {
      String why = what + ", kept by the checkpoint '" + keeps + "'";
      return new Left(slab, why, Until.CHECKPOINT, -1);
    }
    return new Left(slab, what, last < 0 ? Until.CAUSE : Until.TIME, last);
  }

  private boolean names(NamespaceManifest manifest, String slab) {
    return manifest.slabs().stream()
        .anyMatch(entry -> namespace.names().slab(entry.id()).equals(slab));
  }

  /** Until when gc keeps what an earlier manifest names, checkpoints in force aside. */
  private long neededUntil(int index) {
    long until = inUseUntil(index);
    long id = namespace.manifests().number(manifests.get(index));
    for (Checkpoint checkpoint : newest.checkpoints()) {
      if (checkpoint.manifest() == id && checkpoint.expiresMillis() > 0) {
        until = Math.max(until, checkpoint.expiresMillis() + minAge);
      }
    }
    for (Map.Entry<Integer, NamespaceManifest> entry : earlier.entrySet()) {
      if (entry.getValue().checkpoints().stream().anyMatch(c -> c.manifest() == id)) {
        until = Math.max(until, inUseUntil(entry.getKey()));
      }
    }
    return until;
  }

  /** Until when a reader may hold a manifest: it may have begun right before the next one came. */
  private long inUseUntil(int index) {
    return following(manifests, index) + minAge;
  }

  /** When the next object of a sequence came; now, for one that came after the listing. */
  private long following(List<ObjectInfo> objects, int index) {
    return index + 1 < objects.size() ? objects.get(index + 1).modifiedMillis() : now;
  }

  private void log() {
    List<ObjectInfo> log = namespace.wal().objects();
    for (int i = 0; i < log.size(); i++) {
      long number = namespace.wal().number(log.get(i));
      if (!holders.log(log.get(i))) {
        continue;
      }
      if (i == log.size() - 1 || number > newest.walFlushedThrough()) {
        String why = "an object of the log that is not flushed yet, or the last one";
        left.add(new Left(log.get(i).name(), why, Until.CAUSE, -1));
        continue;
      }
      long gone = numbered(log, i);
      for (Map.Entry<Integer, NamespaceManifest> entry : earlier.entrySet()) {
        if (entry.getValue().walFlushedThrough() < number) {
          gone = Math.max(gone, inUseUntil(entry.getKey()));
        }
      }
      add(log.get(i), "an object of the log", null, gone);
    }
  }

  /** When a numbered object and its successor are old enough. */
  private long numbered(List<ObjectInfo> objects, int i) {
    long own = objects.get(i).modifiedMillis();
    long next = following(objects, i);
    return Math.max(own + minAge, Math.max(own, next) + NumberedObjects.KEPT_MILLIS);
  }

  private void manifests() {
    for (int i = 0; i < manifests.size(); i++) {
      if (holds(earlier.get(i))) {
        long gone = Math.max(numbered(manifests, i), neededUntil(i));
        add(manifests.get(i), "an earlier manifest", kept.get(earlier.get(i).id()), gone);
      }
    }
    for (ObjectInfo manifest : unreadable) {
      String why = "an earlier manifest that cannot be read, and may hold anything";
      left.add(new Left(manifest.name(), why, Until.CAUSE, -1));
    }
  }

  /** Rows of an append may not be uploaded yet; gc ends one that is old, and the next call sees. */
  private void appends() {
    for (long began : Appends.underWay(newest).values()) {
      long since = now;
      for (ObjectInfo manifest : manifests) {
        since = namespace.manifests().number(manifest) == began ? manifest.modifiedMillis() : since;
      }
      String why = "an append that began here and is not committed, and may have such records";
      left.add(new Left(namespace.manifests().name(began), why, Until.TIME, since + minAge));
    }
  }

  /** Objects that no program reads. */
  private void others() {
    for (String folder :
        List.of(
            namespace.names().slabFolder(),
            namespace.names().deletesFolder(),
            namespace.names().walFolder(),
            namespace.names().manifestFolder())) {
      for (ObjectInfo object : namespace.store().listTemporary(folder)) {
        long gone = object.modifiedMillis() + minAge;
        add(object, "an interrupted write, which may hold anything", null, gone);
      }
    }
    String quarantine = namespace.names().quarantineFolder();
    for (ObjectInfo object : objects(namespace, quarantine)) {
      String why = "kept by a repair, and may hold anything";
      left.add(new Left(object.name(), why, Until.QUARANTINE, -1));
    }
  }
}
