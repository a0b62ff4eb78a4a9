package io.slab.copy;

import io.slab.error.ConflictException;
import io.slab.error.MissingException;
import io.slab.error.StoreException;
import io.slab.manifest.CommitRules;
import io.slab.manifest.ManifestLog;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Checkpoint;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SlabEntry;
import io.slab.manifest.WalLog;
import io.slab.model.Ulid;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.wal.WalLayout;
import io.slab.wal.WalObject;
import io.slab.wal.WalReader;
import io.slab.wal.WalWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Copies one namespace as it is at one moment, while writers go on at the source. First what
 * manifests name (slabs and deletion vectors), then the manifests, the newest last, then the log
 * after it, in its order; the log up to the newest manifest before all that where it continues what
 * is there, else before the manifests: so the destination is an earlier state of the source at
 * every moment, and an interrupted copy goes on where it was. One thread calls.
 */
final class NamespaceCopy {
  /** A source may move on and be collected while it is copied, but not for ever. */
  private static final int MAX_RESTARTS = 5;

  private static final long MAX_DELETES = 512L << 20;

  private final ObjectStore from;
  private final ObjectStore to;
  private final NamespaceNames names;
  private final CopyRequest request;
  private final CopyProgress progress;
  private final ManifestLog manifests;
  private final WalLog wal;
  private final ManifestLog manifestsThere;
  private final WalLog walThere;
  private final ObjectCopy objects;

  NamespaceCopy(
      ObjectStore from,
      ObjectStore to,
      String namespace,
      CopyRequest request,
      CopyProgress progress) {
    this.from = from;
    this.to = to;
    this.names = new NamespaceNames(namespace);
    this.request = request;
    this.progress = progress;
    this.manifests = new ManifestLog(from, names, from.retry());
    this.wal = new WalLog(from, names, manifests, from.retry());
    this.manifestsThere = new ManifestLog(to, names, to.retry());
    this.walThere = new WalLog(to, names, manifestsThere, to.retry());
    this.objects = new ObjectCopy(from, to, request.verify());
  }

  /**
   * Copies; null when there is no such namespace at the source, or it has no checkpoint of the name
   * that is asked for.
   */
  CopyResult.Namespace run() {
    if (request.checkpoint() != null) {
      NamespaceManifest newest = manifests.newest();
      Checkpoint checkpoint = newest == null ? null : checkpoint(newest);
      return checkpoint == null ? null : copy(manifests.read(checkpoint.manifest()), newest);
    }
    for (int restart = 0; ; restart++) {
      NamespaceManifest newest = manifests.newest();
      if (newest == null) {
        return null;
      }
      try {
        return copy(newest, newest);
      } catch (MissingException e) {
        // Compacted and collected since the manifest was read: once more from the newest one.
        if (restart == MAX_RESTARTS || manifests.newest().id() == newest.id()) {
          throw e;
        }
      }
    }
  }

  private Checkpoint checkpoint(NamespaceManifest newest) {
    return kept(newest).stream()
        .filter(checkpoint -> checkpoint.name().equals(request.checkpoint()))
        .findFirst()
        .orElse(null);
  }

  private List<Checkpoint> kept(NamespaceManifest newest) {
    long now = from.now();
    return newest.checkpoints().stream().filter(checkpoint -> checkpoint.isKept(now)).toList();
  }

  /**
   * @param newest the manifest to copy
   * @param known the newest one at the source, which knows what gc keeps
   */
  private CopyResult.Namespace copy(NamespaceManifest newest, NamespaceManifest known) {
    NamespaceManifest there = manifestsThere.newestThere();
    Ulid common =
        there == null
            ? null
            : new Ancestry(to.describe(), manifests, wal).require(newest, there, walThere);
    if (request.checkpoint() != null
        && there != null
        && !walThere.listAfter(newest.walFlushedThrough()).isEmpty()) {
      throw apart("its log has writes after the checkpoint '" + request.checkpoint() + "'");
    }
    wal.setAsideTorn(newest.walFlushedThrough());
    LogCut cut = LogCut.of(newest, there, wal, walThere);
    LogCut log = request.checkpoint() == null ? cut : cut.through(newest.walFlushedThrough());
    long last = log.after().isEmpty() ? newest.walFlushedThrough() : log.after().getLast();
    boolean gone = newest.deleted() && last <= newest.walFlushedThrough();
    if (gone && there == null) {
      return null;
    }
    TreeMap<Long, NamespaceManifest> kept = checkpoints(newest, known);
    kept.put(newest.id(), newest);
    Map<String, SlabEntry> slabs = new TreeMap<>();
    Map<String, SlabEntry> deletes = new TreeMap<>();
    for (NamespaceManifest manifest : kept.values()) {
      for (SlabEntry slab : manifest.slabs()) {
        slabs.put(names.slab(slab.id()), slab);
        if (slab.deletes().file() != null) {
          deletes.put(names.deletesFolder() + slab.deletes().file(), slab);
        }
      }
    }
    if (request.dryRun()) {
      return plan(newest, last, slabs, deletes, kept.keySet(), log.all());
    }
    copyFiles(newest, there != null, log, slabs, deletes.keySet());
    if (!newest.commit().equals(common)) {
      copyManifests(newest, kept, common);
    }
    copyLog(newest, log.after());
    anchor(newest);
    return result(newest, last, objects.copied(), objects.present(), objects.bytesCopied());
  }

  /** What the manifests name, and the log before them, which has to be there first. */
  private void copyFiles(
      NamespaceManifest newest,
      boolean isThere,
      LogCut log,
      Map<String, SlabEntry> slabs,
      Set<String> deletes) {
    if (isThere) {
      // Before the slabs: with the log the destination can do without them, and no reader takes
      // them for what a lost manifest left.
      copyLog(newest, log.before());
    }
    copySlabs(slabs);
    deletes.forEach(name -> objects.small(name, MAX_DELETES, bytes -> {}));
    if (!isThere) {
      copyLog(newest, log.before());
      anchor(newest);
    }
  }

  private CopyResult.Namespace result(
      NamespaceManifest newest, long last, long copied, long present, long bytes) {
    return new CopyResult.Namespace(names.namespace(), newest.id(), last, copied, present, bytes);
  }

  /** The manifests of checkpoints of a manifest that gc still keeps. */
  private TreeMap<Long, NamespaceManifest> checkpoints(
      NamespaceManifest newest, NamespaceManifest known) {
    TreeMap<Long, NamespaceManifest> kept = new TreeMap<>();
    for (Checkpoint checkpoint : newest.checkpoints()) {
      if (!kept(known).contains(checkpoint)) {
        continue;
      }
      try {
        kept.put(checkpoint.manifest(), manifests.read(checkpoint.manifest()));
      } catch (MissingException e) {
        // It has expired and was collected.
      }
    }
    return kept;
  }

  /** The manifests, while gc takes nothing at the destination that the newest one names. */
  private void copyManifests(
      NamespaceManifest newest, TreeMap<Long, NamespaceManifest> kept, Ulid common) {
    NamespaceManifest there = manifestsThere.newestThere();
    requireUndoomed(newest, there);
    if (!new ManifestCopy(manifests, manifestsThere, objects).copy(kept.values(), common)) {
      throw apart("its manifest " + manifestsThere.newestThere().id() + " is not the source's");
    }
    // Gc may have been at work at the destination between the look and the commit.
    requireUndoomed(newest, null);
    requireUndoomedBetween(newest, there);
    NamespaceManifest now = manifestsThere.newestThere();
    if (now == null || !now.commit().equals(newest.commit())) {
      throw apart("another process wrote to it meanwhile");
    }
  }

  /** Throws when gc at the destination condemned or took what was copied for a manifest. */
  private void requireUndoomed(NamespaceManifest newest, NamespaceManifest there) {
    Set<String> own = new TreeSet<>();
    for (SlabEntry slab : newest.slabs()) {
      own.add(names.slab(slab.id()));
      if (slab.deletes().file() != null) {
        own.add(names.deletesFolder() + slab.deletes().file());
      }
    }
    Set<String> present = new HashSet<>(sizesThere(names.slabFolder()).keySet());
    present.addAll(sizesThere(names.deletesFolder()).keySet());
    NamespaceManifest condemning = there == null ? newest.withCondemned(List.of()) : there;
    if (!CommitRules.mayName(condemning, names, own, present)) {
      throw new StoreException(
          StoreException.Kind.TEMPORARY,
          "gc at " + to.describe() + " takes what is copied there",
          "let gc end there, and run the copy again",
          null);
    }
  }

  /**
   * A manifest under the source's number passes over slots at the destination; one of them may hold
   * what gc condemned meanwhile, and deletes yet.
   */
  private void requireUndoomedBetween(NamespaceManifest newest, NamespaceManifest there) {
    if (there == null) {
      return;
    }
    for (long id : manifestsThere.ids()) {
      if (id > there.id() && id < newest.id()) {
        requireUndoomed(newest, manifestsThere.read(id));
      }
    }
  }

  private ConflictException apart(String why) {
    return new ConflictException(
        "what is at " + to.describe() + " is no earlier state of the source: " + why,
        "copy to another place");
  }

  /**
   * The numbers of the log go on after the last object that is flushed, which the source need not
   * have any more: an empty one with its commit id stands for it.
   */
  private void anchor(NamespaceManifest newest) {
    long flushed = newest.walFlushedThrough();
    if (walThere.listAfter(flushed - 1).isEmpty()) {
      Ulid commit = newest.lastFlushedCommit();
      WalObject object = new WalObject(flushed, commit, commit, Ulid.ZERO, List.of());
      objects.small(walThere.name(flushed), WalWriter.encode(object));
    }
  }

  private void copyLog(NamespaceManifest newest, List<Long> log) {
    Ulid previous = null;
    long expected = newest.walFlushedThrough() + 1;
    for (long number : log) {
      String name = wal.name(number);
      byte[] bytes = from.retry().run(() -> from.read(name, WalLayout.MAX_BYTES));
      WalObject object = WalReader.decode(name, number, bytes);
      if (number > newest.walFlushedThrough() && number != expected++) {
        throw new MissingException(wal.name(expected - 1), -1, "a hole", "a log object");
      }
      if (previous != null
          && !object.previous().equals(Ulid.ZERO)
          && !object.previous().equals(previous)) {
        throw new MissingException(name, -1, "after " + object.previous(), "after " + previous);
      }
      previous = object.commit();
      objects.small(name, bytes);
    }
  }

  private void copySlabs(Map<String, SlabEntry> slabs) {
    Map<String, Long> there = sizesThere(names.slabFolder());
    long all = slabs.values().stream().mapToLong(SlabEntry::bytes).sum();
    List<Future<?>> running = new ArrayList<>();
    objects.startCounting();
    try (ExecutorService threads = Executors.newFixedThreadPool(request.threads())) {
      slabs.forEach((name, slab) ->
          running.add(
              threads.submit(() -> objects.slab(name, slab, there.getOrDefault(name, -1L)))));
      try {
        for (Future<?> task : running) {
          await(task, all);
        }
        progress.at(names.namespace(), all, all);
      } finally {
        running.forEach(task -> task.cancel(false));
      }
    }
  }

  private void await(Future<?> task, long all) {
    while (true) {
      try {
        task.get(200, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        progress.at(names.namespace(), objects.bytesDone(), all);
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case RuntimeException cause -> throw cause;
          case Error cause -> throw cause;
          default -> throw new IllegalStateException(e.getCause());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
  }

  private Map<String, Long> sizesThere(String folder) {
    Map<String, Long> sizes = new HashMap<>();
    for (ObjectInfo info : to.retry().run(() -> to.list(folder, null))) {
      sizes.put(info.name(), info.size());
    }
    return sizes;
  }

  private CopyResult.Namespace plan(
      NamespaceManifest newest,
      long last,
      Map<String, SlabEntry> slabs,
      Map<String, SlabEntry> deletes,
      Iterable<Long> kept,
      List<Long> log) {
    Map<String, Long> there = new HashMap<>();
    for (String folder :
        List.of(
            names.slabFolder(), names.deletesFolder(), names.manifestFolder(), names.walFolder())) {
      there.putAll(sizesThere(folder));
    }
    List<String> wanted = new ArrayList<>(deletes.keySet());
    kept.forEach(id -> wanted.add(manifests.name(id)));
    log.forEach(number -> wanted.add(wal.name(number)));
    long present = wanted.stream().filter(there::containsKey).count();
    long copied = wanted.size() - present;
    long bytes = 0;
    for (Map.Entry<String, SlabEntry> slab : slabs.entrySet()) {
      Long size = there.get(slab.getKey());
      if (size != null && size == slab.getValue().bytes()) {
        present++;
      } else {
        copied++;
        bytes += slab.getValue().bytes();
      }
    }
    return result(newest, last, copied, present, bytes);
  }
}
