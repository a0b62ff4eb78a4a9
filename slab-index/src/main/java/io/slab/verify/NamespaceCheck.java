package io.slab.verify;

import io.slab.check.CheckLevel;
import io.slab.check.Findings;
import io.slab.check.SlabCheck;
import io.slab.check.TermCheck;
import io.slab.error.CorruptException;
import io.slab.error.DataException;
import io.slab.error.MissingException;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import io.slab.error.UnsupportedException;
import io.slab.error.WorkPhase;
import io.slab.manifest.DeletionVector;
import io.slab.manifest.ManifestJson;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Checkpoint;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.ObjectSequence;
import io.slab.manifest.SlabDeletes;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.MemRow;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Ulid;
import io.slab.namespace.IndexPresence;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.Thresholds;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Snapshot;
import io.slab.store.ByteSource;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.wal.WalObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Checks everything of one namespace: its manifests, the slabs and deletion vectors that they name,
 * and the WAL after them. What no manifest names is reported as a warning: it may be the remains of
 * an interrupted run, or of one that is still at work.
 */
final class NamespaceCheck {
  /** Its listings leave out what is no object: that is reported first, and by itself. */
  private final ObjectStore store;

  private final MisplacedCheck misplaced;
  private final NamespaceNames names;
  private final IndexSpec spec;
  private final CheckLevel level;
  private final CheckScope scope;
  private final Findings findings;
  private final TreeMap<Long, NamespaceManifest> manifests = new TreeMap<>();
  private final Set<Ulid> checked = new HashSet<>();
  private final LogCheck log;
  private final UnnamedCheck unnamed;
  private int manifestCount;

  private NamespaceCheck(
      ObjectStore store,
      NamespaceNames names,
      IndexSpec spec,
      CheckLevel level,
      CheckScope scope,
      Findings findings) {
    this.scope = scope;
    this.store = store.passingMisplaced();
    this.misplaced = MisplacedCheck.namespace(store, names, findings);
    this.names = names;
    this.spec = spec;
    this.level = level;
    this.findings = findings;
    this.log = new LogCheck(this.store, names, spec, level, findings);
    this.unnamed = new UnnamedCheck(this.store, names, findings);
  }

  /**
   * @param spec what is known of the index, or null
   * @param scope which slabs are read in full
   */
  static void check(
      ObjectStore store,
      NamespaceNames names,
      IndexSpec spec,
      CheckLevel level,
      CheckScope scope,
      Findings findings) {
    new NamespaceCheck(store, names, spec, level, scope, findings).run();
  }

  private void run() {
    if (!misplaced.readable()) {
      return;
    }
    long newestId = readManifests();
    if (misplaced.hidesManifestAfter(newestId)) {
      // Perhaps the newest manifest was there: what it named is not known.
      return;
    }
    if (newestId < 0) {
      withoutManifest();
      return;
    }
    NamespaceManifest newest = manifests.get(newestId);
    if (newest == null) {
      // What it names is not known, so nothing can be called missing or superfluous.
      return;
    }
    long before = findings.errors();
    numbers(newest);
    slabs(newest);
    checkpoints(newest);
    log.check(newest);
    if (spec != null && findings.errors() == before && misplaced.none()) {
      replay();
    }
    if (manifests.size() == manifestCount) {
      // A manifest that could not be read might name what else would look superfluous.
      unnamed.check(manifests.values(), newest);
    }
  }

  /**
   * Nothing in a namespace that was only begun; the loss of all manifests where there is more
   * (spec/index.md, section 7).
   */
  private void withoutManifest() {
    List<ObjectInfo> slabs = unnamed.files(names.slabFolder());
    List<ObjectInfo> deletes = unnamed.files(names.deletesFolder());
    List<Long> written = new ObjectSequence(store, names.walFolder(), ".wal").listAfter(0);
    if (slabs.isEmpty() && deletes.isEmpty() && written.isEmpty()) {
      findings.warning(names.folder(), null, -1, "a namespace without any manifest");
      return;
    }
    findings.missing(
        names.manifestFolder(),
        ": no manifest beside "
            + slabs.size()
            + " slabs, "
            + deletes.size()
            + " deletion vectors and "
            + written.size()
            + " log objects: lost, or a copy to here was cut short");
    slabs.forEach(info -> unnamed.look(info, slab -> findings.atRisk(slab.rows())));
    for (long number : written) {
      WalObject object = log.object(number);
      findings.atRisk(object == null ? 0 : object.records().size());
    }
  }

  /** Reads all manifests; returns the newest number, -1 when there is none. */
  private long readManifests() {
    ObjectSequence sequence = new ObjectSequence(store, names.manifestFolder(), ".json");
    List<Long> ids = sequence.listAfter(-1);
    manifestCount = ids.size();
    for (long id : ids) {
      String name = sequence.name(id);
      findings.object();
      try {
        byte[] bytes = read(name, ManifestJson.MAX_BYTES);
        NamespaceManifest manifest = ManifestJson.decode(name, id, bytes);
        manifests.put(id, manifest);
        if (!manifest.namespace().equals(names.namespace())) {
          findings.error(
              name, "namespace", -1, "names the namespace '" + manifest.namespace() + "'");
        }
      } catch (StoreException e) {
        throw e;
      } catch (SlabException e) {
        if (id < ids.getLast() && new KnownDamage(store, names).has(name)) {
          findings.warning(name, null, -1, e.getMessage() + "; " + KnownDamage.SUPERSEDED);
        } else {
          findings.failure(name, null, e);
        }
      }
    }
    if (ids.isEmpty()) {
      return -1;
    }
    return ids.getLast();
  }

  /** Numbers of a manifest that no reader trips over. */
  private void numbers(NamespaceManifest manifest) {
    String name = manifestName(manifest);
    manifest
        .thresholds()
        .forEach((threshold, value) -> {
          String problem = Thresholds.problem(threshold, value);
          if (problem != null) {
            findings.warning(name, "thresholds", -1, problem);
          }
        });
    for (SlabEntry entry : manifest.slabs()) {
      if (entry.lsnMin() > entry.lsnMax() || entry.lsnMax() > manifest.lsnFlushed()) {
        findings.error(
            name,
            "slabs",
            -1,
            "the slab "
                + entry.id()
                + " has LSNs "
                + entry.lsnMin()
                + " to "
                + entry.lsnMax()
                + ", expected none above lsnFlushed, "
                + manifest.lsnFlushed());
      }
    }
  }

  /**
   * Opens the namespace as a query does, when nothing was found that would keep it from that: what
   * this check knows nothing about would otherwise be called good.
   */
  private void replay() {
    try (NamespaceHandle namespace =
        new NamespaceHandle(
            store,
            names.namespace(),
            spec,
            Environment.system(),
            new FormatSlabs(),
            store.retry(),
            IndexPresence.ALWAYS)) {
      try (Snapshot snapshot = namespace.snapshot()) {
        terms(snapshot);
      }
    } catch (SlabException e) {
      findings.failure(resource(e).split(" ", 2)[0], null, e);
    }
  }

  /** Slabs are compared by themselves; here what is in the log only. */
  private void terms(Snapshot snapshot) {
    if (level != CheckLevel.DEEP || spec.textIndex() == null) {
      return;
    }
    TermCheck check =
        new TermCheck(names.walFolder(), spec.textIndex(), spec.vectorType().hasDense());
    for (MemRow row : snapshot.memtable()) {
      check.add(row::idBytes, row.record().metadata(), row.record().sparse());
    }
    check.report(findings);
  }

  private String resource(SlabException e) {
    return e instanceof DataException data ? data.resource() : names.folder();
  }

  private void slabs(NamespaceManifest manifest) {
    Map<String, ObjectInfo> files = new HashMap<>();
    store.list(names.slabFolder(), null).forEach(info -> files.put(info.name(), info));
    String manifestName = manifestName(manifest);
    List<SlabEntry> entries = new ArrayList<>(manifest.slabs());
    entries.sort(Comparator.comparing(SlabEntry::id));
    long bytes = 0;
    for (SlabEntry entry : entries) {
      bytes += checked.contains(entry.id()) ? 0 : entry.bytes();
    }
    WorkPhase phase = new WorkPhase(scope.work(), "checking " + names.namespace(), null, bytes);
    for (SlabEntry entry : entries) {
      deletes(manifestName, entry);
      if (!checked.add(entry.id())) {
        continue;
      }
      scope.work().check();
      long end = phase.done() + entry.bytes();
      String name = names.slab(entry.id());
      ObjectInfo file = files.get(name);
      if (file == null) {
        findings.object();
        findings.missing(name, ", though " + manifestName + " names it");
        findings.atRisk(entry.liveRows());
      } else if (file.size() != entry.bytes()) {
        findings.object();
        findings.error(
            name,
            null,
            Math.min(file.size(), entry.bytes()),
            file.size() + " bytes, " + manifestName + " says " + entry.bytes());
        findings.atRisk(entry.liveRows());
      } else {
        // Some sections are read twice, others not at all: never more than the slab has.
        findings.onRead(count -> phase.add(Math.min(count, end - phase.done())));
        slab(name, entry);
        findings.onRead(count -> {});
      }
      phase.add(end - phase.done());
    }
  }

  /** What the checkpoints name that gc keeps, as far as it was not looked at before. */
  private void checkpoints(NamespaceManifest newest) {
    long now = store.now();
    for (Checkpoint checkpoint : newest.checkpoints()) {
      NamespaceManifest manifest = manifests.get(checkpoint.manifest());
      if (!checkpoint.isKept(now)) {
        continue;
      }
      if (manifest == null) {
        findings.missing(
            new ObjectSequence(store, names.manifestFolder(), ".json").name(checkpoint.manifest()),
            ", or cannot be read, though checkpoint '" + checkpoint.name() + "' is this manifest");
      } else if (manifest.id() != newest.id()) {
        slabs(manifest);
      }
    }
  }

  private void slab(String name, SlabEntry entry) {
    try (ByteSource source = store.openUnmapped(name, -1)) {
      ImmutableRoaringBitmap dead = dead(entry);
      CheckLevel here = scope.inFull(name) ? level : CheckLevel.QUICK;
      SlabCheck.check(source, entry, spec, dead::contains, here, findings);
    } catch (SlabException e) {
      findings.failure(name, null, e);
    }
  }

  /** The dead rows of a slab; none when they cannot be read, which is reported by itself. */
  private ImmutableRoaringBitmap dead(SlabEntry entry) {
    SlabDeletes deletes = entry.deletes();
    try {
      if (deletes.inline() != null) {
        return DeletionVector.decode(
            entry.id().toString(), deletes.inline(), entry.rows(), deletes.cardinality());
      }
      if (deletes.file() != null) {
        String name = names.deletesFolder() + deletes.file();
        return DeletionVector.decodeFile(
            name,
            entry.id(),
            NamespaceNames.deletesManifest(deletes.file()),
            entry.rows(),
            deletes.cardinality(),
            store.read(name, DeletionVector.maxFileBytes()));
      }
    } catch (CorruptException | MissingException | UnsupportedException e) {
      return new MutableRoaringBitmap();
    }
    return new MutableRoaringBitmap();
  }

  private void deletes(String manifestName, SlabEntry entry) {
    SlabDeletes deletes = entry.deletes();
    String name = manifestName;
    try {
      if (deletes.inline() != null) {
        DeletionVector.decode(manifestName, deletes.inline(), entry.rows(), deletes.cardinality());
      } else if (deletes.file() != null) {
        name = names.deletesFolder() + deletes.file();
        findings.object();
        byte[] bytes = read(name, DeletionVector.maxFileBytes());
        DeletionVector.decodeFile(
            name,
            entry.id(),
            NamespaceNames.deletesManifest(deletes.file()),
            entry.rows(),
            deletes.cardinality(),
            bytes);
      }
    } catch (MissingException e) {
      findings.missing(name, ", though " + manifestName + " names it");
    } catch (SlabException e) {
      findings.failure(name, "deletes of " + entry.id(), e);
    }
  }

  private String manifestName(NamespaceManifest manifest) {
    return new ObjectSequence(store, names.manifestFolder(), ".json").name(manifest.id());
  }

  private byte[] read(String name, long limit) {
    byte[] bytes = store.read(name, limit);
    findings.read(bytes.length);
    return bytes;
  }
}
