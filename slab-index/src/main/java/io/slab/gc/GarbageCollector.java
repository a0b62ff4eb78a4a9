package io.slab.gc;

import io.slab.error.CorruptException;
import io.slab.error.DataException;
import io.slab.error.MissingException;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import io.slab.gc.GcResult.Item;
import io.slab.manifest.Appends;
import io.slab.manifest.CommitRules;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Checkpoint;
import io.slab.manifest.NumberedObjects;
import io.slab.manifest.SlabEntry;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.SlabFiles.Lsns;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Removes objects that no manifest in use needs (spec/index.md, "Garbage"). An object goes only
 * when it is older than the minimum age by the store's own clock, and neither the newest manifests,
 * nor one young enough that a reader may still hold it, nor a checkpoint refers to it. The highest
 * number of each sequence always stays: it anchors the commit protocol.
 *
 * <p>Age proves nothing about a writer that was suspended. So a slab or deletion vector is first
 * condemned by a committed manifest, and only then deleted: a writer that was about to name it
 * loses its slot to that manifest, and sees it there. Safe beside writers, readers, compactions and
 * other collectors. One thread only.
 */
public final class GarbageCollector {
  /** How often other commits may come first. */
  private static final int MAX_LOST = 100;

  private static final String INTERRUPTED = "an interrupted write";
  private static final String UNNAMED = "no manifest names it";

  private final NamespaceHandle namespace;
  private final ObjectStore store;
  private final List<Item> candidates = new ArrayList<>();
  private final List<Item> failed = new ArrayList<>();
  private long now;
  private long young;

  /** Removes what no reader of a namespace can need any more. */
  public static GarbageCollector of(NamespaceHandle namespace) {
    namespace.exists();
    return new GarbageCollector(namespace);
  }

  private GarbageCollector(NamespaceHandle namespace) {
    this.namespace = namespace;
    this.store = namespace.store();
  }

  /**
   * Removes garbage, or with {@link GcRequest#dryRun} lists it.
   *
   * @throws MissingException when an object that the newest manifest names is not there, or a
   *     manifest is lost: then nothing at all is removed
   */
  public GcResult run(GcRequest request) {
    for (int lost = 0; lost < MAX_LOST; lost++) {
      GcResult result = attempt(request);
      if (result != null) {
        return result;
      }
    }
    throw new StoreException(
        StoreException.Kind.TEMPORARY,
        "other writers were faster " + MAX_LOST + " times in a row",
        "nothing was removed; run gc again",
        null);
  }

  /** One attempt; null when another commit came between, so that everything may be different. */
  private GcResult attempt(GcRequest request) {
    candidates.clear();
    failed.clear();
    young = 0;
    now = store.now();
    // Objects are listed before the manifests are read: what is named later than that is not in
    // these lists, or young.
    GcListing listed = GcListing.of(store, namespace.names());
    NamespaceManifest newest = namespace.newest();
    temporaries(request);
    misplaced();
    if (newest == null) {
      return remove(request, candidates);
    }
    if (!allThere(newest, listed)) {
      return null;
    }
    if (!request.dryRun() && endAppends(request, newest, listed.manifests())) {
      return null;
    }
    Set<Long> keep = manifestsInUse(request, newest, listed.manifests());
    Needed needed = needed(request, newest, keep);
    Condemned condemned = new Condemned(namespace, newest, needed.names(), listed.files());
    sweep(request, listed.deletes(), condemned);
    sweep(request, listed.slabs(), condemned);
    refuseLoss(newest, listed);
    sweepWal(request, listed.wal(), needed.walAfter);
    sweepManifests(request, listed.manifests(), keep, newest.id());
    List<Item> chosen = candidates.subList(0, Math.min(candidates.size(), request.maxDeletes()));
    young += candidates.size() - chosen.size();
    if (request.dryRun()) {
      return new GcResult(chosen, failed, young);
    }
    if (!condemned.commit(chosen.stream().map(Item::name).toList())) {
      return null;
    }
    return condemned.release(remove(request, chosen));
  }

  /**
   * True when everything that the newest manifest names is there; false when there is a newer one
   * meanwhile. Where something is lost, what looks like garbage may be what is left to repair it
   * from.
   */
  private boolean allThere(NamespaceManifest newest, GcListing listed) {
    Set<String> missing = named(newest);
    missing.removeAll(listed.files());
    if (!missing.isEmpty()) {
      // Files that were made between the listing and the manifest.
      missing.removeAll(GcListing.of(store, namespace.names()).files());
    }
    if (missing.isEmpty()) {
      return true;
    }
    if (namespace.newest().id() != newest.id()) {
      return false;
    }
    throw new MissingException(
        missing.iterator().next(),
        -1,
        "no object",
        "one, since manifest " + newest.id() + " names it",
        "nothing was removed; run `slab verify` to see all that is missing");
  }

  private Set<String> named(NamespaceManifest manifest) {
    Set<String> names = new TreeSet<>();
    for (SlabEntry slab : manifest.slabs()) {
      names.add(namespace.names().slab(slab.id()));
      if (slab.deletes().file() != null) {
        names.add(namespace.names().deletesFolder() + slab.deletes().file());
      }
    }
    return names;
  }

  /**
   * Looks at the slabs that would go. One that cannot be read stays, since what it would prove is
   * not known. Slabs without rows go first: one may say that the log is in the others, of a
   * beginning of an append that never came to be.
   */
  private void refuseLoss(NamespaceManifest newest, GcListing listed) {
    Set<Long> log = new HashSet<>();
    listed.wal().forEach(object -> log.add(GcListing.number(object)));
    List<Item> unread = new ArrayList<>();
    Set<Item> first = new LinkedHashSet<>();
    Item proof = null;
    for (Item item : candidates) {
      if (item.reason().equals(UNNAMED) && item.name().endsWith(".slab")) {
        try {
          Lsns lsns = namespace.files().lsns(store.openUnmapped(item.name(), item.bytes()));
          proof = CommitRules.provesLoss(newest, lsns.max(), log) ? item : proof;
          if (lsns.rows() == 0) {
            first.add(item);
          }
        } catch (MissingException e) {
          // Another gc was faster.
          unread.add(item);
        } catch (DataException e) {
          unread.add(item);
          failed.add(
              new Item(item.name(), item.bytes(), item.ageMillis(), "it stays: " + e.getMessage()));
        }
      }
    }
    if (proof != null) {
      throw lost(newest, proof.name());
    }
    candidates.removeAll(unread);
    candidates.removeAll(first);
    candidates.addAll(0, first);
  }

  private MissingException lost(NamespaceManifest newest, String slab) {
    return new MissingException(
        namespace.manifests().name(newest.id() + 1),
        -1,
        "no manifest after " + newest.id(),
        "one, since " + slab + " holds writes that are neither flushed by it nor in the log",
        "nothing was removed; bring the newest manifest back from a backup, and run `slab verify`");
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

  /** Says what it leaves since it is no object; in the other folders it would end the run. */
  private void misplaced() {
    for (String folder :
        List.of(namespace.names().slabFolder(), namespace.names().deletesFolder())) {
      for (CorruptException e : store.misplaced(folder)) {
        failed.add(new Item(e.resource(), 0, 0, "it stays: " + e.getMessage() + "; " + e.hint()));
      }
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

  /**
   * Gives up appends that began longer ago than the minimum age, as their slabs are: who began them
   * is not there any more. True when the manifest moved.
   */
  private boolean endAppends(GcRequest request, NamespaceManifest newest, List<ObjectInfo> listed) {
    Map<Long, Long> under = Appends.underWay(newest);
    for (ObjectInfo manifest : listed) {
      if (now - manifest.modifiedMillis() < request.minAgeMillis()) {
        under.values().remove(GcListing.number(manifest));
      }
    }
    under.keySet().forEach(lsn -> new NamespaceAdmin(namespace).endAppend(lsn));
    return !under.isEmpty();
  }

  /** The newest manifests, and those that a reader may have begun with. */
  private Set<Long> manifestsInUse(
      GcRequest request, NamespaceManifest newest, List<ObjectInfo> listed) {
    Set<Long> keep = new TreeSet<>();
    List<ObjectInfo> byAge = new ArrayList<>(listed);
    byAge.sort(Comparator.comparing(ObjectInfo::name).reversed());
    long successorAge = 0;
    for (int i = 0; i < byAge.size(); i++) {
      long id = GcListing.number(byAge.get(i));
      // A reader may have begun as long as this manifest was the newest, that is until its
      // successor came.
      if (i < request.keepManifests() || successorAge < request.minAgeMillis()) {
        keep.add(id);
      }
      successorAge = now - byAge.get(i).modifiedMillis();
    }
    keep.add(newest.id());
    return keep;
  }

  private record Needed(Set<String> names, long walAfter) {}

  /**
   * @param keep manifests in use; those of checkpoints are added
   */
  private Needed needed(GcRequest request, NamespaceManifest newest, Set<Long> keep) {
    Set<String> names = new HashSet<>();
    Set<Long> kept = new TreeSet<>();
    long walAfter = newest.walFlushedThrough();
    for (long id : keep) {
      NamespaceManifest manifest = id == newest.id() ? newest : read(id);
      if (manifest != null) {
        walAfter = Math.min(walAfter, manifest.walFlushedThrough());
        names.addAll(named(manifest));
        // A reader may have found the checkpoint in a manifest that was the newest then.
        manifest.checkpoints().stream()
            .filter(checkpoint -> checkpoint.isKept(now - request.minAgeMillis()))
            .forEach(checkpoint -> kept.add(checkpoint.manifest()));
      }
    }
    kept.removeAll(keep);
    for (long id : kept) {
      NamespaceManifest manifest = read(id);
      if (manifest == null) {
        requireNoCheckpoint(newest, id);
      } else {
        // A checkpoint is its manifest alone: no reader needs the log after it.
        names.addAll(named(manifest));
      }
    }
    keep.addAll(kept);
    return new Needed(names, walAfter);
  }

  /** Slabs of a checkpoint whose manifest is lost look like garbage, and are not. */
  private void requireNoCheckpoint(NamespaceManifest newest, long gone) {
    for (Checkpoint checkpoint : newest.checkpoints()) {
      if (checkpoint.manifest() == gone && checkpoint.isKept(store.now())) {
        throw new MissingException(
            namespace.manifests().name(gone),
            -1,
            "no object",
            "the manifest of checkpoint '" + checkpoint.name() + "'",
            "nothing was removed; bring it back, or delete the checkpoint");
      }
    }
  }

  /** Null when another collector was here. */
  private NamespaceManifest read(long id) {
    try {
      return namespace.manifests().read(id);
    } catch (MissingException e) {
      return null;
    }
  }

  private void sweep(GcRequest request, List<ObjectInfo> objects, Condemned condemned) {
    for (ObjectInfo object : objects) {
      if (condemned.before(object.name())) {
        // An earlier run was interrupted: no writer can name it any more, however young it is.
        long age = now - object.modifiedMillis();
        candidates.add(new Item(object.name(), object.size(), age, Condemned.REASON));
      } else if (!condemned.needed(object.name())) {
        candidate(request, object, UNNAMED);
      }
    }
  }

  /**
   * WAL objects up to {@code walAfter} are flushed in every manifest in use; the highest object
   * stays all the same.
   */
  private void sweepWal(GcRequest request, List<ObjectInfo> objects, long walAfter) {
    for (int i = 0; i < objects.size() - 1; i++) {
      long number = GcListing.number(objects.get(i));
      if (number >= 0 && number <= walAfter) {
        numbered(request, objects, i, "flushed");
      }
    }
  }

  private void sweepManifests(
      GcRequest request, List<ObjectInfo> objects, Set<Long> keep, long newest) {
    for (int i = 0; i < objects.size(); i++) {
      long number = GcListing.number(objects.get(i));
      if (number >= 0 && number < newest && !keep.contains(number)) {
        numbered(request, objects, i, "superseded");
      }
    }
  }

  /** Readers conclude something from how long these stay at least (spec/index.md, R-13). */
  private void numbered(GcRequest request, List<ObjectInfo> objects, int i, String reason) {
    if (NumberedObjects.oldEnough(objects, i, now)) {
      candidate(request, objects.get(i), reason);
    } else {
      young++;
    }
  }

  private GcResult remove(GcRequest request, List<Item> chosen) {
    if (request.dryRun()) {
      return new GcResult(chosen, failed, young);
    }
    List<Item> removed = new ArrayList<>();
    for (Item item : chosen) {
      try {
        if (item.reason().equals(INTERRUPTED)) {
          store.deleteTemporary(item.name());
        } else {
          store.delete(item.name());
        }
        removed.add(item);
      } catch (SlabException e) {
        failed.add(new Item(item.name(), item.bytes(), item.ageMillis(), e.getMessage()));
      }
    }
    return new GcResult(removed, failed, young);
  }
}
