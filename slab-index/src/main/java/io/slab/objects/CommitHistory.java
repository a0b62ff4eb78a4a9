package io.slab.objects;

import io.slab.error.MissingException;
import io.slab.manifest.ManifestChain;
import io.slab.manifest.ManifestLog;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Change;
import io.slab.manifest.NamespaceManifest.Checkpoint;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SlabEntry;
import io.slab.manifest.WalLog;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.wal.WalObject;
import io.slab.wal.WalRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * The commits of a namespace, newest first: manifests and log objects that are there, and of
 * manifests that gc took what the newest one remembers of them. One thread only.
 */
public final class CommitHistory {
  /**
   * One commit.
   *
   * @param manifest its number, or -1 for a log object
   * @param log number of the log object; of a manifest the last one that it has in slabs, -1 when
   *     it is not known
   * @param timeMillis when the store has it from, -1 where it is gone
   * @param operation of a manifest its operation; of a log object what it writes, with counts
   * @param writer program and version of a manifest, writer id of a log object; null where gone
   * @param records live records in the slabs of a manifest, operations of a log object; -1 where
   *     gone
   * @param change records against the manifest before; null where that is not there
   * @param kept true while the state can be read
   * @param checkpoints names of the checkpoints that keep it
   */
  public record Entry(
      long manifest,
      long log,
      long timeMillis,
      String operation,
      String writer,
      long records,
      Long change,
      boolean kept,
      List<String> checkpoints) {
    public Entry {
      checkpoints = List.copyOf(checkpoints);
    }
  }

  private final ManifestLog manifests;
  private final WalLog wal;
  private final ObjectStore store;
  private final List<Entry> entries = new ArrayList<>();

  private CommitHistory(ObjectStore store, NamespaceNames names) {
    this.store = store;
    this.manifests = new ManifestLog(store, names, store.retry());
    this.wal = new WalLog(store, names, manifests, store.retry());
  }

  /**
   * Reads the last commits. Costs a listing of the manifests and of the log, and one read for each
   * object among the last ones.
   *
   * @param limit most entries, at least 1
   * @return empty when there is no such namespace
   */
  public static List<Entry> of(ObjectStore store, String namespace, int limit) {
    return new CommitHistory(store, new NamespaceNames(namespace)).read(limit);
  }

  private List<Entry> read(int limit) {
    NamespaceManifest newest = manifests.newest();
    if (newest == null) {
      return List.of();
    }
    manifests(newest, limit);
    log(limit);
    // A flush is listed above what it flushed, also in one millisecond. What is gone has no time of
    // its own, but its number tells its place.
    entries.sort(Comparator.comparingLong(CommitHistory::time).reversed());
    return List.copyOf(entries.subList(0, Math.min(limit, entries.size())));
  }

  private static long time(Entry entry) {
    return entry.timeMillis;
  }

  private void log(int limit) {
    List<ObjectInfo> objects = wal.objects();
    for (ObjectInfo object : last(objects, limit)) {
      try {
        WalObject content = wal.read(wal.number(object));
        if (content.sequence() > 0) {
          entries.add(entry(object, content));
        }
      } catch (MissingException e) {
        // Gc was here since the listing.
      }
    }
  }

  private static Entry entry(ObjectInfo object, WalObject content) {
    return new Entry(
        -1,
        content.sequence(),
        object.modifiedMillis(),
        operations(content),
        content.writer().toString(),
        content.records().size(),
        null,
        true,
        List.of());
  }

  /** Such as "upsert 1000, delete 2". */
  private static String operations(WalObject object) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (WalRecord record : object.records()) {
      counts.merge(WalInfo.operation(record.op()), 1, Integer::sum);
    }
    StringJoiner words = new StringJoiner(", ");
    counts.forEach((operation, count) -> words.add(operation + " " + count));
    return counts.isEmpty() ? "reserve" : words.toString();
  }

  private void manifests(NamespaceManifest newest, int limit) {
    Map<Long, ObjectInfo> there = new HashMap<>();
    List<ObjectInfo> objects = manifests.objects();
    objects.forEach(object -> there.put(manifests.number(object), object));
    Map<Long, List<String>> checkpoints = checkpoints(newest);
    Map<Long, NamespaceManifest> read = new HashMap<>();
    // One more, to compare the last with.
    for (ObjectInfo object : last(objects, limit + 1)) {
      long id = manifests.number(object);
      try {
        read.put(id, id == newest.id() ? newest : manifests.read(id));
      } catch (MissingException e) {
        there.remove(id);
      }
    }
    ManifestChain chain =
        new ManifestChain(manifests, newest, Set.copyOf(there.keySet()), store.now());
    read.values().removeIf(manifest -> !chain.has(manifest));
    for (ObjectInfo object : last(objects, limit)) {
      NamespaceManifest manifest = read.get(manifests.number(object));
      if (manifest != null) {
        List<String> names = checkpoints.getOrDefault(manifest.id(), List.of());
        entries.add(entry(object, manifest, read.get(manifest.id() - 1), names));
      }
    }
    gone(newest, there, limit);
  }

  private static Entry entry(
      ObjectInfo object, NamespaceManifest manifest, NamespaceManifest before, List<String> names) {
    long records = records(manifest);
    return new Entry(
        manifest.id(),
        manifest.walFlushedThrough(),
        object.modifiedMillis(),
        manifest.operation(),
        manifest.writer(),
        records,
        before == null ? null : records - records(before),
        true,
        names);
  }

  /** Manifests of the history that are not there any more. */
  private void gone(NamespaceManifest newest, Map<Long, ObjectInfo> there, int limit) {
    List<Change> changes = newest.history();
    for (Change change : last(changes, limit)) {
      if (!there.containsKey(change.id())) {
        entries.add(
            new Entry(change.id(), -1, -1, change.operation(), null, -1, null, false, List.of()));
      }
    }
  }

  private Map<Long, List<String>> checkpoints(NamespaceManifest newest) {
    long now = store.now();
    Map<Long, List<String>> names = new HashMap<>();
    for (Checkpoint checkpoint : newest.checkpoints()) {
      if (checkpoint.isKept(now)) {
        names
            .computeIfAbsent(checkpoint.manifest(), id -> new ArrayList<>())
            .add(checkpoint.name());
      }
    }
    return names;
  }

  private static long records(NamespaceManifest manifest) {
    return manifest.slabs().stream().mapToLong(SlabEntry::liveRows).sum();
  }

  /** The last ones of a list, the very last one first. */
  private static <T> List<T> last(List<T> all, int limit) {
    return all.subList(Math.max(0, all.size() - limit), all.size()).reversed();
  }
}
