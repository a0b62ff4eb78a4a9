package io.slab.verify;

import io.slab.check.CheckLevel;
import io.slab.check.Findings;
import io.slab.check.SlabCheck;
import io.slab.error.DataException;
import io.slab.error.MissingException;
import io.slab.error.SlabException;
import io.slab.format.SlabManifest;
import io.slab.format.SlabReader;
import io.slab.manifest.CommitRules;
import io.slab.manifest.DeletionVector;
import io.slab.manifest.ManifestJson;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.WalCommit;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.ObjectSequence;
import io.slab.manifest.SlabDeletes;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.DecodedBatch;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Ulid;
import io.slab.namespace.IndexPresence;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.Thresholds;
import io.slab.snapshot.FormatSlabs;
import io.slab.store.ByteSource;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.wal.TornWal;
import io.slab.wal.WalLayout;
import io.slab.wal.WalObject;
import io.slab.wal.WalReader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Checks everything of one namespace: its manifests, the slabs and deletion vectors that they name,
 * and the WAL after them. What no manifest names is reported as a warning: it may be the remains of
 * an interrupted run, or of one that is still at work.
 */
final class NamespaceCheck {
  private static final String INTERRUPTED =
      "no manifest names it: left by an interrupted run, or not committed yet";

  /** What is wrong with a name that does not belong where it is. */
  static final String STRANGER = "not the name of an object of this folder";

  /** Its listings leave out what is no object: that is reported first, and by itself. */
  private final ObjectStore store;

  private final MisplacedCheck misplaced;
  private final NamespaceNames names;
  private final IndexSpec spec;
  private final CheckLevel level;
  private final Findings findings;
  private final TreeMap<Long, NamespaceManifest> manifests = new TreeMap<>();
  private int manifestCount;

  private NamespaceCheck(
      ObjectStore store,
      NamespaceNames names,
      IndexSpec spec,
      CheckLevel level,
      Findings findings) {
    this.store = store.passingMisplaced();
    this.misplaced = MisplacedCheck.namespace(store, names, findings);
    this.names = names;
    this.spec = spec;
    this.level = level;
    this.findings = findings;
  }

  /**
   * @param spec what is known of the index, or null
   */
  static void check(
      ObjectStore store,
      NamespaceNames names,
      IndexSpec spec,
      CheckLevel level,
      Findings findings) {
    new NamespaceCheck(store, names, spec, level, findings).run();
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
    wal(newest);
    if (spec != null && findings.errors() == before && misplaced.none()) {
      replay();
    }
    if (manifests.size() == manifestCount) {
      // A manifest that could not be read might name what else would look superfluous.
      orphans(newest);
    }
  }

  /**
   * Nothing in a namespace that was only begun; the loss of all manifests where there is more
   * (spec/index.md, section 7).
   */
  private void withoutManifest() {
    List<ObjectInfo> slabs = files(names.slabFolder());
    List<ObjectInfo> deletes = files(names.deletesFolder());
    List<Long> log = new ObjectSequence(store, names.walFolder(), ".wal").listAfter(0);
    if (slabs.isEmpty() && deletes.isEmpty() && log.isEmpty()) {
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
            + log.size()
            + " log objects: lost, or a copy to here was cut short");
    slabs.forEach(info -> unnamed(info, slab -> findings.atRisk(slab.rows())));
    ObjectSequence sequence = new ObjectSequence(store, names.walFolder(), ".wal");
    for (long number : log) {
      WalObject object = walObject(sequence.name(number), number);
      findings.atRisk(object == null ? 0 : object.records().size());
    }
  }

  private List<ObjectInfo> files(String folder) {
    int root = names.folder().length();
    return store.list(folder, null).stream()
        .filter(info -> NamespaceNames.isFile(info.name().substring(root)))
        .toList();
  }

  /** Looks into a slab that no manifest names. */
  private void unnamed(ObjectInfo info, Consumer<SlabManifest> look) {
    findings.object();
    try (SlabReader slab = SlabReader.open(store.openUnmapped(info.name(), info.size()))) {
      look.accept(slab.manifest());
    } catch (MissingException e) {
      // Gc was here.
    } catch (SlabException e) {
      findings.failure(info.name(), null, e);
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
      } catch (SlabException e) {
        findings.failure(name, null, e);
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
      namespace.snapshot().close();
    } catch (SlabException e) {
      findings.failure(resource(e).split(" ", 2)[0], null, e);
    }
  }

  private String resource(SlabException e) {
    return e instanceof DataException data ? data.resource() : names.folder();
  }

  private void slabs(NamespaceManifest manifest) {
    Map<String, ObjectInfo> files = new HashMap<>();
    store.list(names.slabFolder(), null).forEach(info -> files.put(info.name(), info));
    String manifestName = manifestName(manifest);
    for (SlabEntry entry : manifest.slabs()) {
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
        slab(name, entry);
      }
      deletes(manifestName, entry);
    }
  }

  private void slab(String name, SlabEntry entry) {
    try (ByteSource source = store.openUnmapped(name, -1)) {
      SlabCheck.check(source, entry, spec, level, findings);
    } catch (SlabException e) {
      findings.failure(name, null, e);
    }
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

  /**
   * The objects above what was flushed must follow each other without a hole, each naming the one
   * before.
   */
  private void wal(NamespaceManifest manifest) {
    ObjectSequence sequence = new ObjectSequence(store, names.walFolder(), ".wal");
    List<Long> numbers = sequence.listAfter(-1);
    long flushed = manifest.walFlushedThrough();
    if (numbers.isEmpty() || numbers.getLast() < flushed) {
      findings.error(
          names.walFolder(),
          null,
          -1,
          "nothing at or above " + sequence.name(flushed) + ", which must never be deleted");
      return;
    }
    long expected = flushed + 1;
    Ulid previous = manifest.lastFlushedCommit();
    for (long number : numbers) {
      if (number <= flushed) {
        if (level != CheckLevel.QUICK) {
          flushed(manifest, number, walObject(sequence.name(number), number));
        }
        continue;
      }
      if (number != expected) {
        findings.error(sequence.name(expected), null, -1, "missing: a hole before " + number);
        previous = null;
      }
      if (number == numbers.getLast() && isTorn(sequence.name(number), number)) {
        return;
      }
      WalObject object = walObject(sequence.name(number), number);
      operations(sequence.name(number), object);
      if (object != null
          && previous != null
          && !object.previous().equals(Ulid.ZERO)
          && !object.previous().equals(previous)) {
        findings.error(
            sequence.name(number),
            "header",
            64,
            "names the predecessor " + object.previous() + ", expected " + previous);
      }
      previous = object == null ? null : object.commit();
      expected = number + 1;
    }
  }

  /** Decodes what replay decodes. */
  private void operations(String name, WalObject object) {
    try {
      if (spec != null && object != null) {
        DecodedBatch.of(name, object, spec);
      }
    } catch (SlabException e) {
      findings.failure(name, null, e);
    }
  }

  /** An object in a slot that gc freed is nobody's; replay never comes to it. */
  private void flushed(NamespaceManifest manifest, long number, WalObject object) {
    for (WalCommit commit : manifest.walHistory()) {
      if (object != null
          && commit.sequence() == number
          && !commit.commit().equals(object.commit())) {
        findings.warning(
            new ObjectSequence(store, names.walFolder(), ".wal").name(number),
            "header",
            32,
            "commit " + object.commit() + ", the one that was flushed is " + commit.commit());
      }
    }
  }

  /**
   * The last object where a crash may have cut it short: what opens the namespace moves it away.
   */
  private boolean isTorn(String name, long number) {
    try {
      if (!store.mayHoldTornObjects() || !TornWal.is(number, read(name, WalLayout.MAX_BYTES))) {
        return false;
      }
    } catch (SlabException e) {
      return false; // Met and reported again as any other object.
    }
    findings.object();
    findings.warning(
        name, null, -1, "cut short before it was acknowledged: the next command moves it aside");
    return true;
  }

  private WalObject walObject(String name, long number) {
    findings.object();
    try {
      return WalReader.decode(name, number, read(name, WalLayout.MAX_BYTES));
    } catch (SlabException e) {
      findings.failure(name, null, e);
      return null;
    }
  }

  private void orphans(NamespaceManifest newest) {
    Set<String> used = new HashSet<>();
    for (NamespaceManifest manifest : manifests.values()) {
      for (SlabEntry entry : manifest.slabs()) {
        used.add(names.slab(entry.id()));
        if (entry.deletes().file() != null) {
          used.add(names.deletesFolder() + entry.deletes().file());
        }
      }
    }
    lostManifest(newest, used);
    orphansOf(used, names.slabFolder());
    orphansOf(used, names.deletesFolder());
    strangers(names.manifestFolder(), ".json");
    strangers(names.walFolder(), ".wal");
  }

  /**
   * An unnamed slab with writes that are neither flushed nor in the log proves that a newer
   * manifest was lost.
   */
  private void lostManifest(NamespaceManifest newest, Set<String> used) {
    List<ObjectInfo> slabs = files(names.slabFolder());
    Set<Long> log = Set.copyOf(new ObjectSequence(store, names.walFolder(), ".wal").listAfter(-1));
    // A manifest that came since would name what is still unnamed here.
    List<Long> ids = new ObjectSequence(store, names.manifestFolder(), ".json").listAfter(-1);
    if (ids.isEmpty() || ids.getLast() != newest.id()) {
      return;
    }
    for (ObjectInfo info : slabs) {
      if (!used.contains(info.name())) {
        unnamed(
            info,
            slab -> {
              if (CommitRules.provesLoss(newest, slab.lsnMax(), log)) {
                findings.missing(
                    new ObjectSequence(store, names.manifestFolder(), ".json")
                        .name(newest.id() + 1),
                    ": "
                        + info.name()
                        + " holds writes that no manifest flushed and no log object has");
                findings.atRisk(slab.rows());
              }
            });
      }
    }
  }

  private void orphansOf(Set<String> used, String folder) {
    for (ObjectInfo info : store.list(folder, null)) {
      if (!used.contains(info.name())) {
        findings.warning(info.name(), null, -1, INTERRUPTED);
      }
    }
  }

  private void strangers(String folder, String suffix) {
    ObjectSequence sequence = new ObjectSequence(store, folder, suffix);
    Set<String> known = new HashSet<>();
    sequence.listAfter(-1).forEach(number -> known.add(sequence.name(number)));
    for (ObjectInfo info : store.list(folder, null)) {
      if (!known.contains(info.name())) {
        findings.warning(info.name(), null, -1, STRANGER);
      }
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
