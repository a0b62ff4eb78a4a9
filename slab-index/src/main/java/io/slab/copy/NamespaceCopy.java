package io.slab.copy;

import io.slab.error.ConflictException;
import io.slab.error.MissingException;
import io.slab.error.StoreException;
import io.slab.manifest.CommitRules;
import io.slab.manifest.ManifestJson;
import io.slab.manifest.ManifestLog;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Checkpoint;
import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SlabEntry;
import io.slab.manifest.WalLog;
import io.slab.model.Environment;
import io.slab.model.Ulid;
import io.slab.model.Version;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.wal.WalLayout;
import io.slab.wal.WalObject;
import io.slab.wal.WalReader;
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
import java.util.stream.Stream;

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

  /** Copies; null when there is no such namespace at the source. */
  CopyResult.Namespace run() {
    for (int restart = 0; ; restart++) {
      NamespaceManifest newest = manifests.newest();
      if (newest == null) {
        return null;
      }
      try {
        return copy(newest);
      } catch (MissingException e) {
        // Compacted and collected since the manifest was read: once more from the newest one.
        if (restart == MAX_RESTARTS || manifests.newest().id() == newest.id()) {
          throw e;
        }
      }
    }
  }

  private CopyResult.Namespace copy(NamespaceManifest newest) {
    NamespaceManifest there = manifestsThere.newestThere();
    Ulid common =
        there == null
            ? null
            : new Ancestry(to.describe(), manifests, wal).require(newest, there, walThere);
    wal.setAsideTorn(newest.walFlushedThrough());
    LogCut log = cut(newest, there);
    long last = log.after().isEmpty() ? newest.walFlushedThrough() : log.after().getLast();
    boolean gone = newest.deleted() && last <= newest.walFlushedThrough();
    if (gone && there == null) {
      return null;
    }
    TreeMap<Long, NamespaceManifest> kept = checkpoints(newest);
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
    if (there != null) {
      // Before the slabs: with the log the destination can do without them, and no reader takes
      // them for what a lost manifest left.
      copyLog(newest, log.before());
    }
    copySlabs(slabs);
    deletes.keySet().forEach(name -> objects.small(name, MAX_DELETES, bytes -> {}));
    if (there == null) {
      copyLog(newest, log.before());
    }
    if (!newest.commit().equals(common)) {
      copyManifests(newest, kept);
    }
    copyLog(newest, log.after());
    return result(newest, last, objects.copied(), objects.present(), objects.bytesCopied());
  }

  /**
   * The log objects to copy before and after the manifests.
   *
   * <p>Up to the newest manifest they come before it, so that they continue what is there; the last
   * of them is the anchor of the numbers. Where the source has not all of them any more there would
   * be a hole for readers of the older manifest, and the anchor comes afterwards.
   */
  private record LogCut(List<Long> before, List<Long> after) {
    List<Long> all() {
      return Stream.concat(before.stream(), after.stream()).toList();
    }
  }

  private LogCut cut(NamespaceManifest newest, NamespaceManifest there) {
    long flushed = newest.walFlushedThrough();
    long known = flushed - 1;
    if (there != null) {
      List<Long> numbers = walThere.listAfter(there.walFlushedThrough());
      long lastThere = numbers.isEmpty() ? there.walFlushedThrough() : numbers.getLast();
      known = Math.min(known, lastThere);
    }
    List<Long> all = wal.listAfter(known);
    if (all.isEmpty()) {
      throw new MissingException(
          wal.name(flushed), -1, "neither it nor a higher one", "the end of the log");
    }
    List<Long> early = all.stream().filter(number -> number <= flushed).toList();
    List<Long> late = all.stream().filter(number -> number > flushed).toList();
    if (there == null || early.size() == flushed - known) {
      return new LogCut(early, late);
    }
    return new LogCut(List.of(), all.stream().filter(number -> number >= flushed).toList());
  }

  private CopyResult.Namespace result(
      NamespaceManifest newest, long last, long copied, long present, long bytes) {
    return new CopyResult.Namespace(names.namespace(), newest.id(), last, copied, present, bytes);
  }

  /** The manifests that checkpoints keep, as far as they are still there. */
  private TreeMap<Long, NamespaceManifest> checkpoints(NamespaceManifest newest) {
    TreeMap<Long, NamespaceManifest> kept = new TreeMap<>();
    for (Checkpoint checkpoint : newest.checkpoints()) {
      try {
        kept.put(checkpoint.manifest(), manifests.read(checkpoint.manifest()));
      } catch (MissingException e) {
        // It has expired and was collected.
      }
    }
    return kept;
  }

  /**
   * The manifests under the numbers that they have at the source; where gc at the destination took
   * these, the newest one under the next number there.
   */
  private void copyManifests(NamespaceManifest newest, TreeMap<Long, NamespaceManifest> kept) {
    NamespaceManifest there = manifestsThere.newestThere();
    requireUndoomed(newest, there);
    if (there == null || there.id() < newest.id()) {
      for (long number : kept.keySet()) {
        fillGap(number);
        manifest(number);
      }
    } else if (!newest.checkpoints().isEmpty() || !manifestsThere.commit(newest.after(there))) {
      throw apart("its manifest " + there.id() + " is not the source's");
    }
    // Gc may have been at work at the destination between the look and the commit.
    requireUndoomed(newest, null);
    requireUndoomedBetween(newest, there);
    NamespaceManifest now = manifestsThere.newestThere();
    if (now == null || !now.commit().equals(newest.commit())) {
      throw apart("another process wrote to it meanwhile");
    }
  }

  /**
   * Creates the numbers at the destination below one that is copied, in their order: whoever knows
   * the highest of them may ask for the next (spec/index.md, R-14).
   */
  private void fillGap(long below) {
    Environment environment = Environment.system();
    NamespaceManifest there = manifestsThere.newestThere();
    while (there != null && there.id() + 1 < below) {
      NamespaceManifest next =
          there.next(
              environment.newId(),
              environment.now(),
              Version.PROGRAM,
              Edit.unchanged(there, NamespaceManifest.GC));
      there = manifestsThere.commit(next) ? next : manifestsThere.newestThere();
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

  private void manifest(long id) {
    String name = manifests.name(id);
    objects.small(name, ManifestJson.MAX_BYTES, bytes -> ManifestJson.decode(name, id, bytes));
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
    try (ExecutorService threads = Executors.newFixedThreadPool(request.threads())) {
      slabs.forEach((name, slab) ->
          running.add(
              threads.submit(() -> objects.slab(name, slab, there.getOrDefault(name, -1L)))));
      try {
        for (Future<?> task : running) {
          await(task, all);
        }
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
