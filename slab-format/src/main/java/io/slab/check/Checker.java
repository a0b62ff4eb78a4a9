package io.slab.check;

import io.slab.error.CorruptException;
import io.slab.error.MissingException;
import io.slab.error.SlabException;
import io.slab.error.UnsupportedException;
import io.slab.inspect.ObjectName;
import io.slab.inspect.ObjectType;
import io.slab.io.ByteCursor;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.manifest.DeletionVector;
import io.slab.manifest.ManifestJson;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.Settings;
import io.slab.manifest.SettingsLog;
import io.slab.model.Ulid;
import io.slab.store.ByteSource;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.wal.WalLayout;
import io.slab.wal.WalReader;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Verifies objects: whether they are as they were written and agree with each other. Damage is
 * reported and never thrown, and one problem does not end the run. Read-only; each call is
 * independent of others.
 */
public final class Checker {
  private static final String INDEX_FILE = "index.json";
  private static final long MAX_INDEX_FILE = 16L << 20;

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
      SlabCheck.check(source, null, level, findings);
      return;
    }
    findings.object();
    switch (type) {
      case WAL -> wal(source.name(), bytes(source, findings));
      case DELETION_VECTOR -> deletionVector(source, findings);
      case NAMESPACE_MANIFEST -> manifest(source.name(), bytes(source, findings));
      case INDEX, JSON -> Json.parseStored(source.name(), bytes(source, findings));
      case UNKNOWN, SLAB -> {
        if (source.name().endsWith(".slab")) {
          // A slab whose very magic is gone: let the structure check tell what else is.
          SlabCheck.check(source, null, level, findings);
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
    WalReader.decode(name, Math.clamp(number, 0, WalLayout.MAX_SEQUENCE), content);
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
    Findings findings = new Findings(place);
    json(store, INDEX_FILE, findings);
    for (ObjectInfo config : store.list("config/", null)) {
      json(store, config.name(), findings);
    }
    dropped(store, findings);
    List<String> folders = store.listFolders(NamespaceNames.ROOT);
    for (String folder : folders) {
      String namespace = NamespaceNames.decode(folder);
      if (namespace == null) {
        findings.warning(NamespaceNames.ROOT + folder, null, -1, "not the folder of any namespace");
      } else {
        NamespaceCheck.check(store, new NamespaceNames(namespace), level, findings);
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

  private static void json(ObjectStore store, String name, Findings findings) {
    findings.object();
    try {
      byte[] content = store.read(name, MAX_INDEX_FILE);
      findings.read(content.length);
      JsonNode node = Json.parseStored(name, content);
      JsonNode format = node.get("format");
      if (name.equals(INDEX_FILE)
          && (format == null || !format.isString() || !format.stringValue().equals("slab-index"))) {
        findings.error(name, "format", -1, "not the description of an index");
      }
    } catch (MissingException e) {
      findings.missing(name, ": this is no index directory");
    } catch (SlabException e) {
      findings.failure(name, null, e);
    }
  }
}
