package io.slab.verify;

import io.slab.bytes.ByteCursor;
import io.slab.check.CheckLevel;
import io.slab.check.CheckReport;
import io.slab.check.Findings;
import io.slab.check.SlabCheck;
import io.slab.error.CorruptException;
import io.slab.error.MissingException;
import io.slab.error.SlabException;
import io.slab.error.UnsupportedException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.manifest.DeletionVector;
import io.slab.manifest.IndexJson;
import io.slab.manifest.IndexListing;
import io.slab.manifest.ManifestJson;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.ObjectSequence;
import io.slab.manifest.Settings;
import io.slab.manifest.SettingsLog;
import io.slab.memtable.WriteOpCodec;
import io.slab.model.IndexSpec;
import io.slab.model.Ulid;
import io.slab.objects.ObjectName;
import io.slab.objects.ObjectType;
import io.slab.store.ByteSource;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.wal.WalLayout;
import io.slab.wal.WalObject;
import io.slab.wal.WalReader;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Verifies objects: whether they are as they were written and agree with each other. Damage is
 * reported and never thrown, and one problem does not end the run. Read-only; each call is
 * independent of others.
 */
public final class Checker {
  private Checker() {}

  /** As {@link #object(ByteSource, CheckLevel, String)}, for an object in the current folder. */
  public static CheckReport object(ByteSource source, CheckLevel level) {
    return object(source, level, "");
  }

  /**
   * Checks a single object of any kind, offline; the caller closes the source.
   *
   * @param place what stands before its name in the commands that the report suggests, such as
   *     {@code "folder/"}
   */
  public static CheckReport object(ByteSource source, CheckLevel level, String place) {
    Findings findings = new Findings(place);
    try {
      object(source, level, findings);
    } catch (SlabException e) {
      findings.failure(source.name(), null, e);
    }
    return findings.report(level);
  }

  private static void object(ByteSource source, CheckLevel level, Findings findings) {
    ObjectType type = ObjectType.of(source);
    if (type == ObjectType.SLAB) {
      SlabCheck.check(source, null, null, level, findings);
      return;
    }
    findings.object();
    switch (type) {
      case WAL -> wal(source.name(), bytes(source, findings));
      case DELETION_VECTOR -> deletionVector(source, findings);
      case NAMESPACE_MANIFEST -> manifest(source.name(), bytes(source, findings));
      case INDEX -> IndexJson.decode(source.name(), bytes(source, findings));
      case JSON -> json(source.name(), bytes(source, findings));
      case UNKNOWN, SLAB -> {
        if (source.name().endsWith(".slab")) {
          // A slab whose very magic is gone: let the structure check tell what else is.
          SlabCheck.check(source, null, null, level, findings);
        } else {
          findings.error(
              source.name(), null, 0, "not a slab, WAL object, manifest or deletion vector");
        }
      }
    }
  }

  private static byte[] bytes(ByteSource source, Findings findings) {
    findings.read(source.length());
    return source.read(0, source.length()).toArray(ValueLayout.JAVA_BYTE);
  }

  private static void wal(String name, byte[] content) {
    long number = ObjectName.number(name);
    if (number < 0 && content.length >= WalLayout.HEADER_BYTES) {
      // A copy under another name: its own first LSN tells the number it was written for.
      ByteCursor in = new ByteCursor(name, content);
      in.seek(48);
      number = in.u64("first LSN") >>> WalLayout.LSN_SHIFT;
    }
    WalObject object =
        WalReader.decode(name, Math.clamp(number, 0, WalLayout.MAX_SEQUENCE), content);
    for (int i = 0; i < object.records().size(); i++) {
      WriteOpCodec.isKnown(name + " record " + i, object.records().get(i));
    }
  }

  /** Settings, or the JSON of another program. */
  private static void json(String name, byte[] content) {
    JsonNode json = Json.parseStored(name, content);
    JsonNode id = json.get("id");
    if (json.has("crc32c") || SettingsLog.FORMAT.equals(text(json.get("format")))) {
      SettingsLog.check(name, ObjectName.number(text(id)), content);
    }
  }

  private static String text(JsonNode node) {
    return node != null && node.isString() ? node.stringValue() : "";
  }

  private static void manifest(String name, byte[] content) {
    JsonNode id = Json.parseStored(name, content).get("id");
    long number = id != null && id.isString() ? ObjectName.number(id.stringValue()) : -1;
    ManifestJson.decode(name, number, content);
  }

  private static void deletionVector(ByteSource source, Findings findings) {
    byte[] content = bytes(source, findings);
    ByteCursor in = new ByteCursor(source.name(), content);
    in.seek(16);
    Ulid slab = in.ulid("slab id");
    long cardinality = in.u64("cardinality");
    long manifest = ObjectName.manifestOf(source.name());
    if (manifest < 0) {
      findings.warning(
          source.name(), null, -1, "its checksum needs the manifest number that its name has lost");
      return;
    }
    DeletionVector.decodeFile(
        source.name(), slab, manifest, Integer.MAX_VALUE, cardinality, content);
  }

  /** As {@link #index(ObjectStore, CheckLevel, String)}, for an index in the current folder. */
  public static CheckReport index(ObjectStore store, CheckLevel level) {
    return index(store, level, "");
  }

  /**
   * Checks a whole index directory.
   *
   * @param place what stands before the names of its objects in the commands that the report
   *     suggests, such as {@code "books/"}
   */
  public static CheckReport index(ObjectStore store, CheckLevel level, String place) {
    return index(store, null, level, place);
  }

  /**
   * Checks a whole index directory, and compares its records with those of another one by their
   * ledgers.
   *
   * @param copy a copy of the index, or what it is a copy of; null for none
   * @param place as above
   * @throws MissingException when there is no index in {@code copy}
   */
  public static CheckReport index(
      ObjectStore store, ObjectStore copy, CheckLevel level, String place) {
    return index(store, copy, level, place, CheckScope.all());
  }

  /**
   * As {@link #index(ObjectStore, ObjectStore, CheckLevel, String)}, of some slabs in full.
   *
   * @param scope which; afterwards it says what was left out
   */
  public static CheckReport index(
      ObjectStore store, ObjectStore copy, CheckLevel level, String place, CheckScope scope) {
    Findings findings = new Findings(place);
    IndexSpec spec = spec(store, findings);
    if (MisplacedCheck.folder(store, SettingsLog.FOLDER, findings)) {
      settings(store.passingMisplaced(), findings);
      dropped(store.passingMisplaced(), findings);
    }
    for (String folder : MisplacedCheck.namespaces(store, findings)) {
      String namespace = NamespaceNames.decode(folder);
      if (namespace == null) {
        findings.warning(NamespaceNames.ROOT + folder, null, -1, "not the folder of any namespace");
      } else {
        NamespaceNames names = new NamespaceNames(namespace);
        NamespaceCheck.check(store, names, spec, level, scope, findings);
      }
    }
    if (copy != null) {
      if (spec != null && findings.errors() == 0) {
        IndexComparison.compare(store, copy, spec, findings);
      } else {
        // What is not compared must not look as if it had been found equal.
        findings.error(
            IndexJson.NAME,
            null,
            -1,
            "not compared with " + copy.describe() + ", because of the errors above");
      }
    }
    return findings.report(level);
  }

  private static void dropped(ObjectStore store, Findings findings) {
    try {
      Settings settings = new SettingsLog(store, store.retry()).newest();
      if (settings.state() != Settings.State.LIVE) {
        findings.warning(
            SettingsLog.FOLDER, "state", -1, "the index was dropped: " + settings.state().label());
      }
    } catch (CorruptException | UnsupportedException e) {
      // Reported with the object itself.
      return;
    }
  }

  /** What is known of the index, or null when that cannot be read. */
  private static IndexSpec spec(ObjectStore store, Findings findings) {
    findings.object();
    byte[] content;
    try {
      content = store.read(IndexJson.NAME, IndexJson.MAX_BYTES);
      findings.read(content.length);
    } catch (MissingException e) {
      findings.missing(IndexJson.NAME, ": this is no index directory");
      return null;
    } catch (SlabException e) {
      findings.failure(IndexJson.NAME, null, e);
      return null;
    }
    IndexListing.require(store.passingMisplaced(), store.retry());
    try {
      return IndexJson.decode(IndexJson.NAME, content);
    } catch (SlabException e) {
      findings.failure(IndexJson.NAME, null, e);
      return null;
    }
  }

  private static void settings(ObjectStore store, Findings findings) {
    ObjectSequence sequence = new ObjectSequence(store, SettingsLog.FOLDER, SettingsLog.SUFFIX);
    Set<String> known = new HashSet<>();
    List<Long> ids = sequence.listAfter(-1);
    for (long id : ids) {
      String name = sequence.name(id);
      known.add(name);
      findings.object();
      try {
        byte[] content = sequence.read(id, SettingsLog.MAX_BYTES);
        findings.read(content.length);
        SettingsLog.check(name, id, content);
      } catch (CorruptException e) {
        if (id == ids.getLast()) {
          findings.failure(name, null, e);
        } else {
          // No program reads it: a repair put later ones over it.
          findings.warning(name, null, e.offset(), "damaged, and replaced by later settings");
        }
      } catch (SlabException e) {
        findings.failure(name, null, e);
      }
    }
    for (ObjectInfo object : store.list(SettingsLog.FOLDER, null)) {
      if (!known.contains(object.name())) {
        findings.warning(object.name(), null, -1, UnnamedCheck.STRANGER);
      }
    }
  }
}
