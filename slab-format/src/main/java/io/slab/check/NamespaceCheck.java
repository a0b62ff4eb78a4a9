package io.slab.check;

import io.slab.error.MissingException;
import io.slab.error.SlabException;
import io.slab.inspect.ObjectName;
import io.slab.manifest.DeletionVector;
import io.slab.manifest.ManifestJson;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.ObjectSequence;
import io.slab.manifest.SlabDeletes;
import io.slab.manifest.SlabEntry;
import io.slab.model.Ulid;
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

/**
 * Checks everything of one namespace: its manifests, the slabs and deletion vectors that they name,
 * and the WAL after them. What no manifest names is reported as a warning: it may be the remains of
 * an interrupted run, or of one that is still at work.
 */
final class NamespaceCheck {
  private static final String INTERRUPTED =
      "no manifest names it: left by an interrupted run, or not committed yet";

  private final ObjectStore store;
  private final NamespaceNames names;
  private final CheckLevel level;
  private final Findings findings;
  private final TreeMap<Long, NamespaceManifest> manifests = new TreeMap<>();
  private int manifestCount;

  private NamespaceCheck(
      ObjectStore store, NamespaceNames names, CheckLevel level, Findings findings) {
    this.store = store;
    this.names = names;
    this.level = level;
    this.findings = findings;
  }

  static void check(ObjectStore store, NamespaceNames names, CheckLevel level, Findings findings) {
    new NamespaceCheck(store, names, level, findings).run();
  }

  private void run() {
    long newestId = readManifests();
    if (newestId < 0) {
      orphansOf(Set.of(), names.slabFolder());
      orphansOf(Set.of(), names.deletesFolder());
      return;
    }
    NamespaceManifest newest = manifests.get(newestId);
    if (newest == null) {
      // What it names is not known, so nothing can be called missing or superfluous.
      return;
    }
    slabs(newest);
    wal(newest);
    if (manifests.size() == manifestCount) {
      // A manifest that could not be read might name what else would look superfluous.
      orphans();
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
      findings.warning(names.folder(), null, -1, "a namespace without any manifest");
      return -1;
    }
    return ids.getLast();
  }

  private void slabs(NamespaceManifest manifest) {
    Map<String, ObjectInfo> files = new HashMap<>();
    store.list(names.slabFolder(), null).forEach(info -> files.put(info.name(), info));
    Set<Ulid> seen = new HashSet<>();
    String manifestName = manifestName(manifest);
    for (SlabEntry entry : manifest.slabs()) {
      String name = names.slab(entry.id());
      ObjectInfo file = files.get(name);
      if (!seen.add(entry.id())) {
        findings.error(manifestName, "slabs", -1, "names the slab " + entry.id() + " twice");
      } else if (file == null) {
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
      SlabCheck.check(source, entry, level, findings);
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
            ObjectName.manifestOf(deletes.file()),
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
          walObject(sequence.name(number), number);
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

  private void orphans() {
    Set<String> used = new HashSet<>();
    for (NamespaceManifest manifest : manifests.values()) {
      for (SlabEntry entry : manifest.slabs()) {
        used.add(names.slab(entry.id()));
        if (entry.deletes().file() != null) {
          used.add(names.deletesFolder() + entry.deletes().file());
        }
      }
    }
    orphansOf(used, names.slabFolder());
    orphansOf(used, names.deletesFolder());
    strangers(names.manifestFolder(), ".json");
    strangers(names.walFolder(), ".wal");
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
        findings.warning(info.name(), null, -1, "not the name of an object of this folder");
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
