package io.slab.namespace;

import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.manifest.ManifestChain;
import io.slab.manifest.ManifestLog;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Checkpoint;
import io.slab.manifest.SlabEntry;
import io.slab.snapshot.NamespaceState;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.wal.WalLayout;
import io.slab.wal.WalObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds states of a namespace that gc still keeps, and reads them (spec/index.md, "Earlier
 * states"): those of checkpoints and of manifests that are there, and what the log made of them up
 * to a moment. Thread-safe.
 */
public final class PastStates {
  private static final String LATER = "checkpoints keep a state; gc keeps the others for a while";

  private final NamespaceHandle namespace;

  public PastStates(NamespaceHandle namespace) {
    this.namespace = namespace;
  }

  /** The manifests that are there, oldest first. */
  private record Manifests(
      NamespaceHandle namespace, List<ObjectInfo> objects, ManifestChain chain) {
    static Manifests of(NamespaceHandle namespace) {
      ManifestLog log = namespace.manifests();
      // Listed first: the newest one knows of all that were there by then.
      List<ObjectInfo> objects = new ArrayList<>(log.objects());
      NamespaceManifest newest = namespace.requireNewest();
      Set<Long> ids = objects.stream().map(log::number).collect(Collectors.toSet());
      long now = namespace.store().now();
      return new Manifests(namespace, objects, new ManifestChain(log, newest, ids, now));
    }

    long id(int i) {
      return namespace.manifests().number(objects.get(i));
    }

    NamespaceManifest read(int i) {
      return namespace.manifests().read(id(i));
    }

    int size() {
      return objects.size();
    }

    /** True when the manifest was the newest one until the next one of the list came. */
    boolean isFollowed(int i) {
      return i == size() - 1 || id(i + 1) == id(i) + 1;
    }

    String describe(int i) {
      Instant time = Instant.ofEpochMilli(objects.get(i).modifiedMillis());
      return "manifest " + id(i) + " (" + time.truncatedTo(ChronoUnit.SECONDS) + ")";
    }

    /** The kept manifests around a position where one is missing. */
    String around(int below) {
      List<String> near = new ArrayList<>();
      for (int i = Math.max(0, below); i <= Math.min(size() - 1, below + 1); i++) {
        near.add(describe(i));
      }
      return near.isEmpty()
          ? "none is kept"
          : "the nearest that are kept: " + String.join(", ", near);
    }
  }

  /**
   * Finds a state.
   *
   * @throws NotFoundException when it is not kept, or there is no such namespace; it names the
   *     nearest ones
   */
  public Moment find(AsOf asOf) {
    Moment moment = namespace.read(() -> look(asOf));
    requireFiles(asOf, moment);
    return moment;
  }

  private Moment look(AsOf asOf) {
    if (asOf.kind() == AsOf.Kind.CHECKPOINT) {
      return Moment.of(checkpoint(namespace.requireNewest(), asOf.name()));
    }
    Manifests there = Manifests.of(namespace);
    return switch (asOf.kind()) {
      case MANIFEST -> manifest(there, asOf);
      case LSN -> lsn(there, asOf);
      default -> time(there, asOf);
    };
  }

  private NamespaceManifest checkpoint(NamespaceManifest newest, String name) {
    long now = namespace.store().now();
    List<Checkpoint> kept = newest.checkpoints().stream().filter(c -> c.isKept(now)).toList();
    for (Checkpoint checkpoint : kept) {
      if (checkpoint.name().equals(name)) {
        return namespace.manifests().read(checkpoint.manifest());
      }
    }
    String has =
        kept.isEmpty()
            ? "it has none"
            : "it has " + kept.stream().map(Checkpoint::name).collect(Collectors.joining(", "));
    throw new NotFoundException(
        "namespace '" + newest.namespace() + "' has no checkpoint '" + name + "': " + has,
        "see `slab checkpoint list`");
  }

  private Moment manifest(Manifests there, AsOf asOf) {
    int below = -1;
    for (int i = 0; i < there.size() && there.id(i) <= asOf.number(); i++) {
      below = i;
    }
    if (below >= 0 && there.id(below) == asOf.number()) {
      try {
        return Moment.of(committed(there, below, asOf));
      } catch (MissingException e) {
        throw gone(asOf, there.around(below));
      }
    }
    throw gone(asOf, there.around(below));
  }

  /** The newest manifest that has flushed no more than the write, and the log up to it. */
  private Moment lsn(Manifests there, AsOf asOf) {
    long through = asOf.number() >>> WalLayout.LSN_SHIFT;
    int from = 0;
    int to = there.size();
    while (from < to) {
      int middle = (from + to) >>> 1;
      NamespaceManifest manifest = there.read(middle);
      if (!there.chain.has(manifest)) {
        there.objects.remove(middle);
        to--;
      } else if (manifest.walFlushedThrough() <= through) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return at(there, from - 1, through, asOf);
  }

  private Moment time(Manifests there, AsOf asOf) {
    long time =
        asOf.kind() == AsOf.Kind.AGO ? namespace.store().now() - asOf.number() : asOf.number();
    int last = -1;
    for (int i = 0; i < there.size(); i++) {
      last = there.objects().get(i).modifiedMillis() <= time ? i : last;
    }
    long through = -1;
    for (ObjectInfo object : namespace.wal().objects()) {
      through = object.modifiedMillis() <= time ? namespace.wal().number(object) : through;
    }
    return at(there, last, through, asOf);
  }

  private Moment at(Manifests there, int index, long through, AsOf asOf) {
    if (index < 0 || !there.isFollowed(index)) {
      throw gone(asOf, there.around(index));
    }
    NamespaceManifest manifest = committed(there, index, asOf);
    List<Long> after = namespace.wal().listAfter(manifest.walFlushedThrough());
    long last = after.isEmpty() ? manifest.walFlushedThrough() : after.getLast();
    if (asOf.kind() == AsOf.Kind.LSN && through > last) {
      throw gone(asOf, "the last write is " + (WalLayout.firstLsn(last + 1) - 1));
    }
    // A clock that goes back may date a manifest before what it flushed.
    return new Moment(manifest, Math.max(through, manifest.walFlushedThrough()));
  }

  /** A manifest whose state was one of the namespace. */
  private NamespaceManifest committed(Manifests there, int index, AsOf asOf) {
    NamespaceManifest manifest = there.read(index);
    if (!there.chain.has(manifest)) {
      throw gone(
          asOf, "manifest " + manifest.id() + " is of a writer that was told that it is too late");
    }
    return manifest;
  }

  private NotFoundException gone(AsOf asOf, String nearest) {
    return new NotFoundException(
        "no state '"
            + asOf.text()
            + "' of namespace '"
            + namespace.names().namespace()
            + "' is kept: "
            + nearest,
        LATER);
  }

  /** Throws when gc took some of the files. */
  private void requireFiles(AsOf asOf, Moment moment) {
    Set<String> named = files(moment.manifest());
    if (named.isEmpty()) {
      return;
    }
    ObjectStore store = namespace.store().passingMisplaced();
    Set<String> there = new HashSet<>();
    for (String folder :
        List.of(namespace.names().slabFolder(), namespace.names().deletesFolder())) {
      store.retry().run(() -> store.list(folder, null)).forEach(o -> there.add(o.name()));
    }
    if (!there.containsAll(named)) {
      throw gone(
          asOf, "gc took files of manifest " + moment.manifest().id() + " that are replaced since");
    }
  }

  /** Full names of the slabs and deletion vectors of a manifest. */
  public Set<String> files(NamespaceManifest manifest) {
    Set<String> files = new HashSet<>();
    for (SlabEntry slab : manifest.slabs()) {
      files.add(namespace.names().slab(slab.id()));
      if (slab.deletes().file() != null) {
        files.add(namespace.names().deletesFolder() + slab.deletes().file());
      }
    }
    return files;
  }

  /**
   * Reads a state. Give it back.
   *
   * @throws NotFoundException when the log of that moment is not there any more
   */
  public NamespaceState open(Moment moment) {
    NamespaceState state = namespace.at(moment.manifest());
    try {
      for (WalObject object :
          namespace.wal().readBetween(state.applied(), state.lastCommit(), moment.walThrough())) {
        state.apply(namespace.wal().name(object.sequence()), object);
      }
      return state;
    } catch (MissingException e) {
      namespace.release(state);
      throw new NotFoundException(
          "the log of that moment is not kept any more: " + e.getMessage(), LATER);
    } catch (RuntimeException | Error e) {
      namespace.release(state);
      throw e;
    }
  }

  /** What was in the namespace at that moment. Close it when done. */
  public Snapshot snapshot(AsOf asOf) {
    return snapshot(find(asOf), false);
  }

  /** The same for a caller that writes the records elsewhere. */
  public Snapshot snapshotToCopy(AsOf asOf) {
    return snapshot(find(asOf), true);
  }

  /** The same of a state that was found. */
  public Snapshot snapshot(Moment moment) {
    return snapshot(moment, false);
  }

  private Snapshot snapshot(Moment moment, boolean toCopy) {
    NamespaceState state = open(moment);
    try {
      return toCopy ? namespace.snapshotToCopy(state) : namespace.snapshot(state);
    } finally {
      namespace.release(state);
    }
  }
}
